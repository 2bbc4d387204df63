// SPDX-License-Identifier: Apache-2.0

extension ShippedTables {
    /// Key-value stores: redis-cli (valkey-cli), etcdctl, influx.
    static let caches = """
        # redis-cli: EVAL, CONFIG SET, MODULE, DEBUG, FLUSH... and the content of keys have no place here.
        program redis-cli valkey-cli keydb-cli : words

        redis-cli ...
          -h HOST, -p PORT, -n NUMBER, --raw, --no-raw, --csv, --json, --tls, --no-auth-warning, -2, -3

        redis-cli (ping|"PING"|dbsize|"DBSIZE"|lastsave|"LASTSAVE"|role|"ROLE"|time|"TIME") : observe
          allow redis-cli ping
          allow redis-cli -h 127.0.0.1 -p 6379 DBSIZE
          allow redis-cli -n 0 dbsize
          refuse redis-cli -h 203.0.113.9 ping
          refuse redis-cli flushall
          refuse redis-cli FLUSHDB
          refuse redis-cli shutdown
          refuse redis-cli monitor
          refuse redis-cli
          refuse redis-cli -x ping
          refuse redis-cli -a geheim ping

        redis-cli (info|"INFO") [NAME] : observe
          allow redis-cli info memory
          allow redis-cli INFO
          refuse redis-cli --rdb /etc/x info

        redis-cli (slowlog|"SLOWLOG") (get|"GET") [COUNT] | redis-cli (slowlog|"SLOWLOG") (len|"LEN") : observe
          allow redis-cli slowlog get 10
          refuse redis-cli slowlog reset

        redis-cli (latency|"LATENCY") (latest|"LATEST"|doctor|"DOCTOR") | redis-cli latency history NAME : observe
          allow redis-cli latency doctor
          refuse redis-cli latency reset
          refuse redis-cli --latency

        redis-cli (memory|"MEMORY") (stats|"STATS"|doctor|"DOCTOR"|malloc-stats) : observe
          allow redis-cli MEMORY DOCTOR
          refuse redis-cli memory x

        redis-cli (memory|"MEMORY") (usage|"USAGE") KEY : observe
          allow redis-cli memory usage queue:jobs
          refuse redis-cli get queue:jobs

        redis-cli (client|"CLIENT") (list|"LIST"|info|"INFO") : observe
          allow redis-cli client list
          refuse redis-cli client kill type normal
          refuse redis-cli client pause 100000

        redis-cli (cluster|"CLUSTER") (info|"INFO"|nodes|"NODES") : observe
          allow redis-cli cluster info
          refuse redis-cli cluster reset
          refuse redis-cli --cluster fix 127.0.0.1:6379

        redis-cli sentinel masters | redis-cli acl whoami | redis-cli module list : observe
          allow redis-cli sentinel masters
          refuse redis-cli acl list
          refuse redis-cli module load /tmp/x.so

        # Numbers about one key.
        redis-cli (llen|scard|zcard|hlen|xlen|strlen|exists|ttl|type) KEY : observe
          allow redis-cli llen queue:jobs
          refuse redis-cli del queue:jobs
          refuse redis-cli keys '*'

        redis-cli ("LLEN"|"SCARD"|"ZCARD"|"HLEN"|"XLEN"|"STRLEN"|"EXISTS"|"TTL"|"TYPE") KEY : observe
          allow redis-cli LLEN queue:jobs
          refuse redis-cli SET queue:jobs 1

        # Never requirepass or masterauth.
        redis-cli (config|"CONFIG") (get|"GET") SETTING : observe
          allow redis-cli config get maxmemory
          refuse redis-cli config get requirepass
          refuse redis-cli config get '*'
          refuse redis-cli CONFIG SET dir /root/.ssh
          refuse redis-cli config rewrite

        redis-cli : observe
          --bigkeys, --memkeys, -i DECIMAL
          with --bigkeys | --memkeys
          allow redis-cli --bigkeys -i 0.1
          refuse redis-cli --stat
          refuse redis-cli --eval /tmp/x.lua

        redis-cli (bgsave|"BGSAVE"|bgrewriteaof|"BGREWRITEAOF") : bounded, undo no, does backup
          allow redis-cli bgsave
          refuse redis-cli replicaof 203.0.113.9 6379

        redis-cli (memory|"MEMORY") (purge|"PURGE") : highRisk, undo no, does flush
          allow redis-cli memory purge
          refuse redis-cli function flush
          refuse redis-cli debug segfault

        # Limits that an alert may ask to change; never where and what it writes, nor who may ask.
        redis-cli (config|"CONFIG") (set|"SET") (maxmemory|maxclients|timeout|tcp-keepalive) SIZE : highRisk, does change
          allow redis-cli config set maxmemory 2gb
          refuse redis-cli config set dir /root/.ssh
          refuse redis-cli config set dbfilename x
          refuse redis-cli config set requirepass x
          refuse redis-cli config set maxmemory 2gb dir /root/.ssh

        redis-cli (config|"CONFIG") (set|"SET") maxmemory-policy EVICTION : highRisk, undo yes, does change
          allow redis-cli config set maxmemory-policy allkeys-lru
          refuse redis-cli config set maxmemory-policy x
          refuse redis-cli config set save ""

        program etcdctl

        etcdctl ...
          --endpoints ENDPOINTS, --cacert PKIFILE, --cert PKIFILE, --key PKIFILE
          -w --write-out {table|json|simple|fields}, --dial-timeout DURATION, --command-timeout DURATION

        etcdctl endpoint (health|status|hashkv) | etcdctl member list | etcdctl alarm list | etcdctl version : observe
          --cluster
          allow etcdctl endpoint status --cluster -w table
          allow etcdctl --endpoints=https://127.0.0.1:2379 endpoint health
          refuse etcdctl get '' --prefix
          refuse etcdctl del '' --prefix
          refuse etcdctl --endpoints=203.0.113.9:2379 endpoint health
          refuse etcdctl member remove 8e9e05c52164694d
          refuse etcdctl snapshot save /etc/x

        # While a member is defragmented it does not answer.
        etcdctl defrag : bounded, undo no, does change
          --cluster !disruptive
          allow etcdctl defrag
          refuse etcdctl defrag --data-dir /var/lib/etcd
          refuse etcdctl compact

        # Old revisions are gone.
        etcdctl (compact|compaction) NUMBER : highRisk, undo no, destroys, does prune
          allow etcdctl compact 12345
          refuse etcdctl compact --physical 5

        etcdctl alarm disarm : highRisk, undo no, does reset
          allow etcdctl alarm disarm
          refuse etcdctl auth disable

        # A call of a list; what else stands behind --eval is a program.
        program mongosh

        mongosh [DATABASE] : observe
          --quiet, --eval MONGOREAD, --host HOST, --port PORT, --json[={relaxed|canonical}], --norc
          with --eval
          allow mongosh --quiet --eval 'rs.status()'
          allow mongosh --eval 'db.serverStatus().connections'
          refuse mongosh --eval 'db.dropDatabase()'
          refuse mongosh --eval 'db.serverStatus().constructor.constructor("x")()'
          refuse mongosh --eval 'rs.status()' --file /tmp/x.js
          refuse mongosh mongodb://203.0.113.9/x --eval 'rs.status()'
          refuse mongosh

        program influx

        influx ping | influx version : observe
          --host URL
          allow influx ping
          refuse influx delete --bucket x
          refuse influx ping --host http://203.0.113.9:8086
        """
}
