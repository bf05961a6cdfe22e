# S3Mock, whose jar -Pstores copies: s3mock.sh FOLDER PORT
# Prints "ready" and serves until its input ends.
set -eu
jar=target/stores/s3mock.jar
[ -f "$jar" ] || { echo "skipped: -Pstores or -Dstores.skip=false copies $jar"; exit 0; }
"$JAVA_HOME/bin/java" -Xmx256m -XX:TieredStopAtLevel=1 -jar "$jar" --server.port=0 --server.address=127.0.0.1 \
  --com.adobe.testing.s3mock.http-port="$2" --com.adobe.testing.s3mock.store.root="$1" >"$1/s3mock.log" 2>&1 </dev/null &
trap 'kill $!; wait' EXIT
for _ in $(seq 300); do
  curl -s -o "$1/curl.out" "http://127.0.0.1:$2/" && { echo ready; cat >"$1/input"; exit 0; }
  kill -0 $! || { tail -5 "$1/s3mock.log"; exit 1; }
  sleep 0.2
done
echo "S3Mock does not respond"
