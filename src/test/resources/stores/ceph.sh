# Ceph RADOS Gateway, with one monitor, manager and OSD: ceph.sh FOLDER PORT MONITOR_PORT ACCESS_KEY SECRET_KEY
# Prints "ready" and serves until its input ends. Needs root.
set -eu
folder=$1
for program in ceph monmaptool ceph-mon ceph-mgr ceph-osd radosgw radosgw-admin; do
  command -v "$program" >/dev/null || { echo "skipped: no $program, of Debian's ceph-mon ceph-mgr ceph-osd radosgw"; exit 0; }
done
[ "$(id -u)" = 0 ] || { echo "skipped: Ceph needs root"; exit 0; }
export CEPH_CONF=$folder/ceph.conf
mkdir -p "$folder"/{mon,mgr,osd,rgw}
fsid=$(cat /proc/sys/kernel/random/uuid)
cat >"$CEPH_CONF" <<C
[global]
fsid = $fsid
mon host = [v2:127.0.0.1:$3]
public addr = 127.0.0.1
auth cluster required = none
auth service required = none
auth client required = none
# radosgw without authentication refuses the default.
ms mon client mode = crc secure
osd pool default size = 1
osd pool default min size = 1
osd pool default pg num = 8
osd pool default pg autoscale mode = off
osd crush chooseleaf type = 0
mon allow pool size one = true
mon data avail crit = 1
mon max pg per osd = 1000
run dir = $folder
admin socket = $folder/\$name.asok
log file = $folder/\$name.log
crash dir = $folder
mon data = $folder/mon
mgr data = $folder/mgr
osd data = $folder/osd
osd objectstore = bluestore
# Must be absolute.
osd class dir = $(dirname "$(find /usr/lib -name 'libcls_rgw.so' | head -1)")
bluestore block create = true
bluestore block size = 4294967296
osd memory target = 1073741824
# Keys of 1,024 bytes are longer once they are escaped.
osd max object name len = 2048
rgw data = $folder/rgw
# Without it, Ceph takes the host of a request for the name of a bucket.
rgw dns name = localhost
C
run() { "$@" >"$folder/$1.out" 2>&1 </dev/null; }
serve() { "$@" >"$folder/$1.out" 2>&1 </dev/null & }
trap 'kill $(jobs -p); wait' EXIT
run monmaptool --create --addv a "[v2:127.0.0.1:$3]" --fsid "$fsid" "$folder/monmap"
run ceph-mon --mkfs -i a --monmap "$folder/monmap"
serve ceph-mon -f -i a
until run timeout 5 ceph status; do sleep 0.5; done
serve ceph-mgr -f -i x
osd=$(cat /proc/sys/kernel/random/uuid)
run ceph osd new "$osd"
run ceph-osd -i 0 --mkfs --osd-uuid "$osd"
serve ceph-osd -f -i 0
until timeout 5 ceph osd stat 2>&1 | grep -q '1 up'; do sleep 0.5; done
serve radosgw -f -n client.admin --auth_client_required=none --keyring=/dev/null \
  --rgw-frontends "beast endpoint=127.0.0.1:$2"
until curl -s -o "$folder/curl.out" "http://127.0.0.1:$2/"; do sleep 0.5; done
run radosgw-admin user create --uid=test --display-name=test --access-key="$4" --secret-key="$5"
echo ready
cat >"$folder/input"
