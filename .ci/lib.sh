# Shared by the scripts in this folder: where tools are kept, and how a step is announced.
# Sourced, not run.

set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"

# Tools that are built from source are kept for the machine, not for one clone.
tools=${VOSTRO_TOOLS:-${XDG_CACHE_HOME:-$HOME/.cache}/vostro/tools}
venv=$root/.cache/venv
rust_version=$(sed -n 's/^rust-version = "\(.*\)"$/\1/p' Cargo.toml)
nextest_version=0.9.143
deny_version=0.20.2

if [ -t 1 ] && [ -z "${NO_COLOR:-}" ]; then bold=$'\e[1m'; plain=$'\e[0m'; else bold=; plain=; fi

heading() { printf '\n%s== %s%s\n' "$bold" "$*" "$plain"; }
have() { command -v "$1" >/dev/null 2>&1; }

need_cargo() {
  # A rustup installation of this user may not be on the path yet.
  if ! have cargo && [ -x "$HOME/.cargo/bin/cargo" ]; then PATH=$HOME/.cargo/bin:$PATH; fi
  if ! have cargo; then
    echo "Vostro is built with Rust, and there is no 'cargo' here."
    echo "Install a stable toolchain ($rust_version or newer) with rustup or from your distribution, then run 'make $1' again."
    exit 1
  fi
  if ! have cc; then
    echo "A C compiler is needed to build the embedded SQLite, and there is no 'cc' here."
    echo "Install one (Debian: 'apt-get install gcc libc6-dev'), then run 'make $1' again."
    exit 1
  fi
}

# The folder of what cargo builds, wherever the user's settings put it.
target_dir() {
  printf '%s\n' "${CARGO_TARGET_DIR:-$root/target}"
}
