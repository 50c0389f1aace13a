"""The module names that Open vSwitch and OVN give their log lines: scripts set levels by them, whichever program runs."""

_NAMES = """
    acl_ids acl_log actions backtrace bfd binding bond bridge bundle bundles cfm chassis collectors command_line connmgr
    conntrack conntrack_tp controller_lb cooperative_multitasking coverage ct_dpif ct_zone daemon daemon_unix datapath_sync
    debug dns_resolve dp_packet_gso dpdk dpif dpif_lookup_autovalidator dpif_lookup_generic dpif_mfex_extract_study dpif_netdev
    dpif_netdev_extract dpif_netdev_impl dpif_netdev_lookup dpif_netlink dpif_netlink_rtnl dpif_offload dpif_offload_dummy
    dpif_offload_tc dpif_offload_tc_netdev en_datapath_logical_router en_datapath_logical_switch en_global_config
    en_group_ecmp_route en_lb_data en_learned_route_sync en_lflow en_lr_nat en_lr_stateful en_ls_stateful en_meters en_multicast
    en_northd en_port_group en_sampling_app en_sync_from_sb en_sync_to_sb encaps entropy evpn_arp evpn_binding evpn_fdb exchange
    expr extend_table fail_open fatal_signal features flow garp_rarp ha_chassis hmap host_if_monitor if_status in_band
    inc_proc_eng inc_proc_northd ipam ipf ipfix jsonrpc lacp lb ldata lflow lflow_cache lflow_mgr lldp lldpd lldpd_structs
    lockfile lport mac_binding_aging mac_binding_index mac_cache main memory memory_trim meta_flow native_tnl neighbor
    neighbor_exchange neighbor_exchange_netlink neighbor_table_notify netdev netdev_dummy netdev_linux netdev_vport netflow
    netlink netlink_conntrack netlink_notifier netlink_socket northd northd_acl_ids northd_lb nx_match odp_execute
    odp_execute_impl odp_util ofctrl ofp_actions ofp_bundle ofp_connection ofp_ct ofp_errors ofp_flow ofp_group ofp_match
    ofp_meter ofp_monitor ofp_msgs ofp_packet ofp_port ofp_protocol ofp_queue ofp_table ofp_util ofproto ofproto_dpif
    ofproto_dpif_mirror ofproto_dpif_monitor ofproto_dpif_rid ofproto_dpif_upcall ofproto_dpif_xlate ofproto_xlate_cache ovn_bfd
    ovn_northd ovn_parallel_hmap ovn_util ovndns ovs_lldp ovs_numa ovs_rcu ovs_replay ovs_router ovs_thread ovsdb ovsdb_cs
    ovsdb_error ovsdb_file ovsdb_idl ovsdb_jsonrpc_server ovsdb_log ovsdb_monitor ovsdb_rbac ovsdb_server ovsdb_util ovsport
    ox_stat patch pcap physical pinctrl pmd_perf poll_loop port_mirror process raft raft_rpc rconn reconnect relay replication
    resource_dep route_exchange route_exchange_netlink route_table route_table_notify rstp rstp_sm sflow sha1 signals
    socket_util socket_util_unix statctrl stopwatch storage stp stream stream_fd stream_replay stream_ssl stream_tcp stream_unix
    svec system_stats tc timeval transaction transaction_forward trigger tunnel unixctl userspace_tso util uuid vconn
    vconn_stream vif_plug vif_plug_dummy vif_plug_provider vlog vswitchd
"""

MODULES = frozenset(_NAMES.split())
"""What `-vMODULE` and `vlog/set` take beside the names under which this program logs itself."""
