#!/usr/bin/env bash
# Installs, with apt, what CoreFlow needs on a bare Debian 12. Does nothing, in well under a second, when it is all there.
#
# Usage: hack/install-deps.sh [build|test|cluster|checks]…   (all of them when none is named)
# Needs root or sudo, and nothing but the base system, make and git.
set -euo pipefail

# A compiler, the libraries that CoreFlow links, and what finds them.
build=(g++ cmake ninja-build ccache mold pkg-config binutils ca-certificates
  libboost-dev libcli11-dev libcpprest-dev libfmt-dev libre2-dev libsimdjson-dev libspdlog-dev libssl-dev
  libyaml-cpp-dev prometheus-cpp-dev zlib1g-dev python3 python3-yaml)
# Unit tests and the tests of the checks.
test=(libgtest-dev libgmock-dev python3-pytest)
# The test cluster's node, and what its scripts call; Go comes from hack/cluster/binaries.
cluster=(busybox-static conntrack containernetworking-plugins curl iproute2 iptables jq openssl procps psmisc
  python3-pip util-linux)
# Docker's own packages bring these two and can't stand beside Debian's.
for program in containerd runc; do command -v "$program" >/dev/null || cluster+=("$program"); done
# Static analysis, for `make check`.
checks=(clang-14 clang-format-14 clang-tidy-14)

packages=()
for set in "${@:-all}"; do
  case $set in
    build | test | cluster | checks) declare -n chosen=$set && packages+=("${chosen[@]}") ;;
    all) packages+=("${build[@]}" "${test[@]}" "${cluster[@]}" "${checks[@]}") ;;
    *) echo "install-deps.sh: no set is called '$set'; there are build, test, cluster and checks" >&2 && exit 2 ;;
  esac
done

missing() {
  comm -23 <(printf '%s\n' "${packages[@]}" | sort -u) \
    <(dpkg-query -W -f '${db:Status-Status} ${Package}\n' "${packages[@]}" 2>/dev/null | sed -n 's/^installed //p' | sort -u)
}

mapfile -t wanted < <(missing)
[ ${#wanted[@]} -gt 0 ] || exit 0

if ! command -v apt-get >/dev/null; then
  echo "install-deps.sh: this machine has no apt-get. CoreFlow builds on Debian 12; elsewhere install: ${wanted[*]}" >&2
  exit 1
fi
as_root=()
if [ "$(id -u)" -ne 0 ]; then
  if ! command -v sudo >/dev/null; then
    echo "install-deps.sh: needs root (there is no sudo here). As root: apt-get install -y ${wanted[*]}" >&2
    exit 1
  fi
  as_root=(sudo)
fi

echo "installing ${#wanted[@]} packages: ${wanted[*]}" >&2
log=$(mktemp)
trap 'rm -f "$log"' EXIT
apt() {
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -y -qq -o DPkg::Lock::Timeout=600 -o Dpkg::Use-Pty=0 "$@" >"$log" 2>&1
}
# Several tries: another apt may hold the lock of the package lists, for which apt itself doesn't wait.
for try in 1 2 3 4 5; do
  if apt update && apt install --no-install-recommends "${wanted[@]}"; then break; fi
  if [ "$try" = 5 ]; then
    tail -n 30 "$log" >&2
    echo "install-deps.sh: apt-get failed, see above" >&2
    exit 1
  fi
  sleep $((try * 3))
done

mapfile -t wanted < <(missing)
if [ ${#wanted[@]} -gt 0 ]; then
  echo "install-deps.sh: still not installed: ${wanted[*]}" >&2
  exit 1
fi
