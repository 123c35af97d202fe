#!/usr/bin/env bash
# Three hosts on this machine, each a network namespace with etcd, Patroni and PostgreSQL, for the test of a lost
# primary (`make test-ha`). Synchronous replication: what is acknowledged is on two hosts.
#
#   ha-cluster.sh up        make the hosts, wait for a primary with a synchronous standby, print the URL
#   ha-cluster.sh primary   the number of the host that is the primary, as Patroni's interface says
#   ha-cluster.sh ready     succeeds when there is a primary and every other host follows it
#   ha-cluster.sh kill N    kill -9 of everything on host N at once; its data stays
#   ha-cluster.sh start N   start host N again
#   ha-cluster.sh cut N     take host N off the network, with everything on it running
#   ha-cluster.sh join N    put it back
#   ha-cluster.sh down      stop everything and remove it
#
# Needs root, namespaces, Debian's package etcd-server and PyPI's patroni (both fetched, pinned, by themselves; nothing
# is installed into the system). Exit status 77, with the reason: it cannot be done here.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cache=$root/.cache/ha
etcd_version=3.4.23-4+b4
bridge=vostro-ha0
network=10.77.0
hosts="1 2 3"
cannot=77

say() { printf '%s\n' "$*" >&2; }
give_up() { say "$*"; exit $cannot; }

address() { echo "$network.$((10 + $1))"; }
inside() { local host=$1; shift; ip netns exec "vostro-ha-$host" "$@"; }
owner() { if id postgres >/dev/null 2>&1; then echo postgres; else echo nobody; fi; }
folder() { cat "$cache/folder" 2>/dev/null || { say "there is no cluster"; return 1; }; }

# The system's Python before the user's own, which other users may not be able to enter.
python() { if [ -x /usr/bin/python3 ]; then echo /usr/bin/python3; else type -P python3; fi; }

fetch() {
  mkdir -p "$cache"
  if [ ! -x "$cache/etcd/usr/bin/etcd" ]; then
    type -P apt-get dpkg-deb >/dev/null || give_up "etcd comes with Debian's packages, and there is no apt-get here"
    (cd "$cache" && { apt-get download "etcd-server=$etcd_version" ||
      { apt-get update && apt-get download "etcd-server=$etcd_version"; } } && dpkg-deb -x etcd-server_*.deb etcd) \
      >>"$cache/setup.log" 2>&1 || give_up "Debian's etcd-server $etcd_version is not to be had (see $cache/setup.log)"
  fi
  if [ ! -x "$cache/venv/bin/patroni" ]; then
    { "$(python)" -m venv "$cache/venv" && "$cache/venv/bin/pip" install --quiet --disable-pip-version-check \
      --require-hashes --requirement "$root/tests/ha/requirements.txt"; } >>"$cache/setup.log" 2>&1 ||
      { rm -rf "$cache/venv"; give_up "Patroni is not to be had (see $cache/setup.log)"; }
  fi
}

settings() {
  local host=$1 base=$2 at
  at=$(address "$host")
  cat <<YAML
scope: vostro
name: host$host
restapi: {listen: "$at:8008", connect_address: "$at:8008"}
etcd3: {hosts: ["$(address 1):2379", "$(address 2):2379", "$(address 3):2379"]}
bootstrap:
  dcs:
    ttl: 20
    loop_wait: 2
    retry_timeout: 5
    synchronous_mode: true
    synchronous_mode_strict: true
    postgresql:
      use_pg_rewind: true
      parameters: {wal_log_hints: "on", max_connections: 100, shared_buffers: 64MB}
  initdb: [{encoding: UTF8}, no-locale]
postgresql:
  listen: "$at:5432"
  connect_address: "$at:5432"
  data_dir: "$base/$host/data"
  bin_dir: "$base/bin"
  pgpass: "$base/$host/pgpass"
  parameters: {unix_socket_directories: "$base/$host"}
  pg_hba: ["local all all trust", "host all all $network.0/24 trust", "host replication all $network.0/24 trust"]
  authentication: {superuser: {username: vostro}, replication: {username: replicator}, rewind: {username: vostro}}
watchdog: {mode: "off"}
YAML
}

# A host of its own address, with a cable to the bridge.
wire() {
  local host=$1
  ip netns add "vostro-ha-$host"
  ip link add "vha$host" type veth peer name eth0 netns "vostro-ha-$host"
  ip link set "vha$host" master "$bridge" up
  inside "$host" ip address add "$(address "$host")/24" dev eth0
  inside "$host" ip link set eth0 up
  inside "$host" ip link set lo up
}

# Runs a program on a host as the unprivileged user, away from this terminal.
launch() {
  local host=$1 log=$2 base user
  shift 2
  base=$(folder)
  user=$(owner)
  (
    cd "$base"
    exec setsid --fork ip netns exec "vostro-ha-$host" \
      setpriv --reuid "$user" --regid "$(id -g "$user")" --clear-groups "$@"
  ) >>"$base/$host/$log" 2>&1 </dev/null
}

start() {
  local host=$1 base at members
  base=$(folder)
  at=$(address "$host")
  members="host1=http://$(address 1):2380,host2=http://$(address 2):2380,host3=http://$(address 3):2380"
  launch "$host" etcd.log "$base/etcd" --name "host$host" --data-dir "$base/$host/etcd" \
    --listen-peer-urls "http://$at:2380" --initial-advertise-peer-urls "http://$at:2380" \
    --listen-client-urls "http://$at:2379" --advertise-client-urls "http://$at:2379" \
    --initial-cluster "$members" --initial-cluster-state new --heartbeat-interval 200 --election-timeout 2000
  launch "$host" patroni.log "$base/venv/bin/patroni" "$base/$host/patroni.yml"
}

up() {
  [ "$(id -u)" -eq 0 ] || give_up "namespaces of the network are root's to make"
  type -P ip curl python3 >/dev/null || give_up "ip, curl and python3 are needed"
  local base host
  [ ! -e "$cache/folder" ] || { say "there is a cluster already: ha-cluster.sh down"; return 1; }
  ip link add "$bridge" type bridge 2>/dev/null || give_up "namespaces of the network are not allowed here"
  ip link set "$bridge" up
  ip address add "$network.1/24" dev "$bridge"
  fetch
  "$root/scripts/test-postgres.sh" fetch >/dev/null || give_up "there is no PostgreSQL"
  base=$(mktemp -d "${TMPDIR:-/tmp}/vostro-ha.XXXXXX")
  echo "$base" > "$cache/folder"
  # Copies, since the clone may be in a folder that only root may enter.
  ln -s "$("$root/scripts/test-postgres.sh" copy "$base")" "$base/bin"
  cp "$cache/etcd/usr/bin/etcd" "$base/etcd"
  cp -r "$cache/venv" "$base/venv"
  sed -i "1s|^#!.*|#!$base/venv/bin/python3|" "$base/venv/bin/patroni"
  for host in $hosts; do
    mkdir -m 700 "$base/$host" "$base/$host/etcd"
    settings "$host" "$base" > "$base/$host/patroni.yml"
  done
  chmod 755 "$base"
  chown -R "$(owner)" "$base"
  for host in $hosts; do wire "$host"; done
  for host in $hosts; do start "$host"; done
  for _ in $(seq 120); do
    if ready; then
      echo "postgres://vostro@$(address 1):5432,$(address 2):5432,$(address 3):5432/postgres"
      return
    fi
    sleep 1
  done
  say "no primary after two minutes"
  tail --lines 20 "$base"/*/patroni.log "$base"/*/etcd.log >&2
  return 1
}

ask() { curl --silent --fail --max-time 1 --output /dev/null "http://$(address "$1"):8008/$2"; }

primary() {
  local host
  for host in $hosts; do if ask "$host" primary; then echo "$host"; return; fi; done
  return 1
}

ready() {
  local host first synchronous=0
  first=$(primary) || return
  for host in $hosts; do
    if [ "$host" = "$first" ]; then continue; fi
    ask "$host" replica || return
    if ask "$host" synchronous; then synchronous=1; fi
  done
  [ "$synchronous" -eq 1 ]
}

pids() { ip netns pids "vostro-ha-$1" 2>/dev/null || true; }

slay() {
  local left
  while left=$(pids "$1") && [ -n "$left" ]; do
    # shellcheck disable=SC2086
    kill -KILL $left 2>/dev/null || true
    sleep 0.05
  done
}

down() {
  local host base
  for host in $hosts; do
    slay "$host"
    ip netns delete "vostro-ha-$host" 2>/dev/null || true
    ip link delete "vha$host" 2>/dev/null || true
  done
  ip link delete "$bridge" 2>/dev/null || true
  if base=$(cat "$cache/folder" 2>/dev/null); then rm -rf "$base" "$cache/folder"; fi
}

case ${1:-} in
  up) up ;;
  primary) primary ;;
  ready) ready ;;
  kill) slay "$2" ;;
  start) start "$2" ;;
  cut) ip link set "vha$2" down ;;
  join) ip link set "vha$2" up ;;
  down) down ;;
  *) sed -n '2,16s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" >&2; exit 2 ;;
esac
