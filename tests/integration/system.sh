#!/bin/sh
# Name, and as root on Debian or Ubuntu install, the system packages that the integration tests use.
# PYOVN_NO_APT=1 leaves the system as it is.
missing=
for package in "$@"; do
    dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing="$missing $package"
done
[ -n "$missing" ] || exit 0
echo "system packages for the integration tests that are not here:$missing"
if [ "$PYOVN_NO_APT" = 1 ] || [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
    echo "left as it is; those tests will be skipped"
    exit 0
fi
apt-get update -q >/dev/null || exit 0
# shellcheck disable=SC2086  # a list of names
DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends $missing >/dev/null ||
    echo "apt-get could not install them; those tests will be skipped"
exit 0
