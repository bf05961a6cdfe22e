# OpenStack Swift with s3api and tempauth, one replica: swift.sh FOLDER PORT OBJECT_PORT CONTAINER_PORT ACCOUNT_PORT CACHE_PORT
# The access key is test:tester and the secret key testing. Prints "ready" and serves until its input ends. Needs root.
set -eu
cd "$1"
port=$2 cache=$6
for program in swift-ring-builder swift-{proxy,account,container,object}-server memcached; do
  command -v "$program" >/dev/null \
    || { echo "skipped: no $program, of Debian's swift-proxy swift-account swift-container swift-object memcached"; exit 0; }
done
[ "$(id -u)" = 0 ] || { echo "skipped: Swift needs root"; exit 0; }
cat >swift.conf <<C
[swift-hash]
swift_hash_path_suffix = suffix
swift_hash_path_prefix = prefix
C
head_of() {
  printf '[DEFAULT]\nbind_ip = 127.0.0.1\nbind_port = %s\nswift_dir = %s\nuser = root\nworkers = 0\n' "$1" "$PWD"
  printf 'log_address = /dev/null\n'
}
trap 'kill $(jobs -p); wait' EXIT
memcached -u root -l 127.0.0.1 -p "$cache" -m 32 >memcached.log 2>&1 </dev/null &
mkdir -p srv/disk
for server in "object $3" "container $4" "account $5"; do
  read -r name its_port <<<"$server"
  { swift-ring-builder "$name.builder" create 6 1 1
    swift-ring-builder "$name.builder" add "r1z1-127.0.0.1:$its_port/disk" 1
    swift-ring-builder "$name.builder" rebalance; } >"$name.ring.log" 2>&1
  { head_of "$its_port"; cat <<C
devices = $PWD/srv
mount_check = false
[pipeline:main]
pipeline = $name-server
[app:$name-server]
use = egg:swift#$name
C
  } >"$name.conf"
  "swift-$name-server" "$PWD/$name.conf" >"$name.log" 2>&1 </dev/null &
done
{ head_of "$port"; cat <<C
[pipeline:main]
pipeline = catch_errors cache listing_formats s3api tempauth copy slo versioned_writes symlink proxy-server
[app:proxy-server]
use = egg:swift#proxy
account_autocreate = true
[filter:s3api]
use = egg:swift#s3api
location = us-east-1
[filter:tempauth]
use = egg:swift#tempauth
user_test_tester = testing .admin
[filter:cache]
use = egg:swift#memcache
memcache_servers = 127.0.0.1:$cache
[filter:versioned_writes]
use = egg:swift#versioned_writes
allow_object_versioning = true
C
for filter in catch_errors listing_formats copy slo symlink; do printf '[filter:%s]\nuse = egg:swift#%s\n' "$filter" "$filter"; done
} >proxy.conf
swift-proxy-server "$PWD/proxy.conf" >proxy.log 2>&1 </dev/null &
until curl -s -o curl.out "http://127.0.0.1:$port/"; do
  kill -0 $! || { tail -5 proxy.log; exit 1; }
  sleep 0.3
done
echo ready
cat >input
