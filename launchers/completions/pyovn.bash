# bash completion of OVN's and Open vSwitch's command lines: each program says itself what can follow.
# Installed where bash-completion looks; without that, `source` this file.

_pyovn_complete() {
    local found
    found=$("$1" --complete "${COMP_LINE:0:COMP_POINT}" "$COMP_WORDBREAKS" 2>/dev/null) || compopt -o default
    COMPREPLY=()
    [[ -n $found ]] && mapfile -t COMPREPLY <<<"$found"
    [[ ${COMPREPLY[0]} == *[=:] ]] && compopt -o nospace
    return 0
}

complete -F _pyovn_complete ovn-nbctl ovn-sbctl ovn-ic-nbctl ovn-ic-sbctl ovs-vsctl vtep-ctl ovn-appctl ovs-appctl
