#!/usr/bin/env bash
# Makes sure that what Plumbline is built with is there; says nothing when nothing is missing.
#
#   Scripts/setup.sh build    the C libraries, pkg-config and Swift
#   Scripts/setup.sh python   what a Python virtual environment needs
#
# Missing packages are installed by apt, as root or through sudo. Where that is not possible the script
# says what to install, and exits with 69.
set -euo pipefail

readonly needed_major=6 needed_minor=3
readonly unavailable=69

refuse() {
  printf 'plumbline: %s\n' "$@" >&2
  exit "$unavailable"
}

# Whether sudo is there and either needs no password or can ask for it.
can_become_root() {
  command -v sudo >/dev/null && { sudo -n true 2>/dev/null || [ -t 0 ]; }
}

# Installs Debian packages, or says that they are needed.
install_packages() {
  local packages=("$@") as_root=()
  if ! command -v apt-get >/dev/null; then
    refuse "these are missing (by their Debian names): ${packages[*]}" \
      "install them and try again; with Homebrew: brew install openblas lapack openssl pkgconf"
  fi
  if [ "$(id -u)" -ne 0 ]; then
    if ! can_become_root; then
      refuse "these packages are missing: ${packages[*]}" \
        "as root: apt-get update && apt-get install --yes ${packages[*]}"
    fi
    as_root=(sudo)
  fi
  printf 'plumbline: installing %s\n' "${packages[*]}" >&2
  ${as_root[@]+"${as_root[@]}"} env DEBIAN_FRONTEND=noninteractive sh -c '
    apt-get update --quiet=2 &&
      apt-get install --yes --quiet=2 --no-install-recommends "$@"' sh "${packages[@]}" \
    </dev/null >&2 ||
    refuse "apt could not install ${packages[*]}; its messages above say why"
}

# The packages whose files pkg-config, or the shell, does not find.
missing_build_packages() {
  if ! command -v pkg-config >/dev/null; then
    echo pkg-config liblapacke-dev libopenblas-dev zlib1g-dev libssl-dev
    return
  fi
  local missing=()
  pkg-config --exists lapacke || missing+=(liblapacke-dev)
  pkg-config --exists openblas || missing+=(libopenblas-dev)
  pkg-config --exists zlib || missing+=(zlib1g-dev)
  pkg-config --exists libcrypto || missing+=(libssl-dev)
  echo ${missing[@]+"${missing[@]}"}
}

require_swift() {
  local version major minor
  if ! command -v swift >/dev/null; then
    refuse "there is no Swift toolchain; Swift $needed_major.$needed_minor or later is needed" \
      "https://www.swift.org/install has it for each platform; put its usr/bin on the PATH"
  fi
  version=$(swift --version 2>/dev/null </dev/null | sed -n 's/.*Swift version \([0-9.]*\).*/\1/p' |
    head -n 1)
  major=${version%%.*}
  minor=${version#*.}
  minor=${minor%%.*}
  if [ "${major:-0}" -lt "$needed_major" ] ||
    { [ "$major" -eq "$needed_major" ] && [ "${minor:-0}" -lt "$needed_minor" ]; }; then
    refuse "Swift ${version:-of an unknown version} is too old; $needed_major.$needed_minor or later is needed" \
      "https://www.swift.org/install has it for each platform"
  fi
}

case "${1:-}" in
build)
  require_swift
  read -r -a packages <<<"$(missing_build_packages)"
  ;;
python)
  packages=()
  command -v python3 >/dev/null || packages+=(python3)
  python3 -c 'import ensurepip, venv' 2>/dev/null || packages+=(python3-venv)
  ;;
*)
  echo "usage: $0 build|python" >&2
  exit 64
  ;;
esac
if [ "${#packages[@]}" -gt 0 ]; then install_packages "${packages[@]}"; fi
