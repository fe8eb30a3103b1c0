#!/usr/bin/env bash
# Installs, with apt, what CoreFlow needs on a bare Debian 12. Does nothing, in well under a second, when it is all there.
#
# Usage: hack/install-deps.sh [build|test|cluster|checks|bench|docs]…   (all but bench when none is named)
# Needs root or sudo, and nothing but the base system, make and git.
set -euo pipefail
cd "$(dirname "$0")/.."
sets=("$@")
[ $# -gt 0 ] || sets=(build test cluster checks)

# A compiler, the libraries that CoreFlow links, and what finds them.
build=(g++ cmake ninja-build ccache mold pkg-config binutils ca-certificates git libboost-dev libcli11-dev
  libcpprest-dev libfmt-dev libjemalloc-dev libre2-dev libsimdjson-dev libspdlog-dev libsqlite3-dev libssl-dev
  libyaml-cpp-dev libzstd-dev prometheus-cpp-dev zlib1g-dev python3 python3-yaml)
# The documentation site.
docs=(mkdocs mkdocs-material)
# Unit tests and the tests of the checks; pip gets a Go where there is none, for the data of the CEL specification; podman
# runs steps in some of them, of an image made of busybox; jsonschema judges what the charts render; prometheus brings
# promtool, and reads the metrics of an operator; clang has the fuzzers; patchelf tells a program of a release where its
# libraries stand; the site is built to be looked at.
test=(libgtest-dev libgmock-dev patch python3-pip python3-jsonschema python3-pytest podman runc busybox-static prometheus
  clang-14 libclang-rt-14-dev patchelf "${docs[@]}")
# What scripts around the test cluster call; what its node needs, hack/cluster installs itself.
cluster=(curl iproute2 jq openssl procps)
# Static analysis, for `make check`.
checks=(clang-14 clang-format-14 clang-tidy-14)
# Counts instructions, for `make bench`.
bench=(valgrind)

packages=()
for set in "${sets[@]}"; do
  case $set in
    build | test | cluster | checks | bench | docs) declare -n chosen=$set && packages+=("${chosen[@]}") ;;
    *) echo "install-deps.sh: no set is called '$set'; there are build, test, cluster, checks, bench and docs" >&2 && exit 2 ;;
  esac
done

# The packages that aren't installed yet.
missing() {
  comm -23 <(printf '%s\n' "${packages[@]}" | sort -u) \
    <(dpkg-query -W -f '${db:Status-Status} ${Package}\n' "${packages[@]}" 2>/dev/null | sed -n 's/^installed //p' | sort -u)
}

# apt-get, as root, silent unless it fails. Several tries: another apt may hold the lock of the package lists, for which
# apt itself doesn't wait.
install() {
  local as_root=() log try
  if ! command -v apt-get >/dev/null; then
    echo "install-deps.sh: this machine has no apt-get. CoreFlow builds on Debian 12; elsewhere install: $*" >&2
    return 1
  fi
  if [ "$(id -u)" -ne 0 ]; then
    if ! command -v sudo >/dev/null; then
      echo "install-deps.sh: needs root, and there is no sudo. As root: apt-get install -y $*" >&2
      return 1
    fi
    as_root=(sudo)
  fi
  echo "installing $# packages: $*" >&2
  log=$(mktemp)
  for try in 1 2 3 4 5; do
    if "${as_root[@]}" apt-get -qq -o DPkg::Lock::Timeout=600 update >"$log" 2>&1 &&
      "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -y -qq -o DPkg::Lock::Timeout=600 -o Dpkg::Use-Pty=0 \
        install --no-install-recommends "$@" >"$log" 2>&1; then
      rm -f "$log"
      return
    fi
    sleep $((try * 3))
  done
  tail -n 30 "$log" >&2
  rm -f "$log"
  echo "install-deps.sh: apt-get failed, see above" >&2
  return 1
}

mapfile -t wanted < <(missing)
if [ ${#wanted[@]} -gt 0 ]; then
  install "${wanted[@]}"
  mapfile -t wanted < <(missing)
  if [ ${#wanted[@]} -gt 0 ]; then
    echo "install-deps.sh: still not installed: ${wanted[*]}" >&2
    exit 1
  fi
fi

# The cluster itself needs root, so no sudo for its packages: hack/cluster says so better than apt would.
if [[ " ${sets[*]} " == *" cluster "* ]]; then hack/cluster/install-deps.sh; fi
