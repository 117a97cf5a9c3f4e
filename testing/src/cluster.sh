# Starts a PostgreSQL cluster in a folder, says `ready`, and takes both away when standard input ends: `binaries folder user`.
set -eu
# The keyboard ends the tests, and they end this.
trap '' INT TERM HUP
binaries="$1" folder="$2" user="$3" server=""

finish() {
    if [ -n "$server" ]; then
        # At once: there is nothing to keep.
        kill -QUIT "$server" 2>/dev/null || true
        wait "$server" 2>/dev/null || true
    fi
    rm -rf "$folder"
}
trap finish EXIT

"$binaries/initdb" --pgdata "$folder/data" --username "$user" --auth trust --encoding UTF8 --locale C --no-sync \
    --no-instructions >"$folder/log" 2>&1 || { cat "$folder/log" >&2; exit 1; }
# One user who has to say a password, as everybody has elsewhere.
{ echo "local all guest scram-sha-256"; cat "$folder/data/pg_hba.conf"; } >"$folder/hba"
mv "$folder/hba" "$folder/data/pg_hba.conf"
"$binaries/postgres" -D "$folder/data" -k "$folder" -c listen_addresses= -c fsync=off -c full_page_writes=off \
    -c synchronous_commit=off -c max_connections=500 -c shared_buffers=64MB -c autovacuum=off -c deadlock_timeout=500ms \
    </dev/null >>"$folder/log" 2>&1 &
server=$!
tries=0
until "$binaries/pg_isready" --quiet --host "$folder" --username "$user" --dbname postgres; do
    tries=$((tries + 1))
    if [ "$tries" = 200 ] || ! kill -0 "$server" 2>/dev/null; then cat "$folder/log" >&2; exit 1; fi
    sleep 0.1
done
echo ready
exec >/dev/null
# Nothing is ever written to it: this returns when the other end is gone.
read -r _ || true
