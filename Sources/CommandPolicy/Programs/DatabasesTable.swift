// SPDX-License-Identifier: Apache-2.0

extension ShippedTables {
    /// Databases: psql(1) and its kin, mysql(1), sqlite3(1), redis-cli, etcdctl.
    ///
    /// SQL is judged by `StatementGrammar`.
    static let databases = #"""
        # psql: -f and -v read files and variables, -o and -L write, a database is never a connection string.
        program psql

        psql ...
          -h --host HOST, -p --port PORT, -U --username USER, -d --dbname DATABASE, -t --tuples-only, -A --no-align
          -q --quiet, -x --expanded, -X --no-psqlrc, -w --no-password, -b --echo-errors, --csv
          -F --field-separator DELIMITER, -P --pset {pager=off|pager|format=unaligned|format=csv|border=0|footer=off}
          -v --set --variable {ON_ERROR_STOP=1|ON_ERROR_STOP=on}

        psql [DATABASE [USER]] : observe
          -c --command SQL
          with -c
          allow psql -c "select count(*) from pg_stat_activity"
          allow psql -h 127.0.0.1 -U n8n -d n8n -tAc 'select pg_size_pretty(pg_database_size(current_database()))'
          allow psql -c "select pid, now() - query_start as age, query from pg_stat_activity where state <> 'idle'"
          allow psql n8n -c "select status, count(*) from jobs where created_at > now() - interval '1 hour' group by 1"
          refuse psql -c "select password from users"
          refuse psql -c "select u.password from pg_locks l, users u"
          refuse psql -c "select count(*) as password, password from users"
          refuse psql -c "select count(*) from users where password like 'a%'"
          refuse psql -c "select pg_read_file('/etc/shadow')"
          refuse psql -c "select 1; drop table t"
          refuse psql -c "select into evil from pg_locks"
          refuse psql -c "select setting from pg_settings where name = 'primary_conninfo'"
          refuse psql -c "copy t to program 'id'"
          refuse psql -c '\! id'
          refuse psql -f /tmp/x.sql
          refuse psql -o /etc/x -c "select 1"
          refuse psql -d "host=203.0.113.9 dbname=x" -c "select 1"
          refuse psql postgresql://203.0.113.9/x -c "select 1"
          refuse psql -h 203.0.113.9 -c "select 1"
          refuse psql

        psql [DATABASE [USER]] : observe
          -c --command META
          with -c
          allow psql -c '\l+'
          refuse psql -c '\copy t to /etc/x'
          refuse psql -c '\o /etc/x'

        psql [DATABASE [USER]] : observe
          -l --list
          with -l
          allow psql -l
          refuse psql -l -L /etc/x

        psql [DATABASE [USER]] : bounded, undo no, does change
          -c --command SQLMAINTENANCE
          with -c
          allow psql -c "VACUUM (ANALYZE) orders"
          allow psql -c "select pg_reload_conf()"
          refuse psql -c "VACUUM INTO '/etc/x'"
          refuse psql -c "ANALYZE orders; DROP TABLE orders"
          refuse psql -c "select pg_rotate_logfile()"

        psql [DATABASE [USER]] : highRisk, undo no, does change
          -c --command SQLINTERRUPTION
          with -c
          allow psql -c "select pg_terminate_backend(4711)"
          allow psql -d n8n -c "VACUUM FULL orders"
          allow psql -c "REINDEX TABLE CONCURRENTLY orders"
          refuse psql -c "select pg_terminate_backend(pid) from pg_stat_activity"
          refuse psql -c "REINDEX SYSTEM jarvis"

        program pg_isready

        pg_isready : observe
          -h --host HOST, -p --port PORT, -U --username USER, -d --dbname DATABASE, -t --timeout SECONDS, -q --quiet
          allow pg_isready -h 127.0.0.1
          refuse pg_isready -h 203.0.113.9
          refuse pg_isready -d postgresql://203.0.113.9/

        program pg_lsclusters

        pg_lsclusters : observe
          -h --no-header, -j --json
          allow pg_lsclusters
          refuse pg_lsclusters --datadir=/tmp

        program pg_ctlcluster

        pg_ctlcluster FEW NAME status : observe
          allow pg_ctlcluster 15 main status
          refuse pg_ctlcluster 15 main stop

        pg_ctlcluster FEW NAME reload : bounded, undo no, does reload
          allow pg_ctlcluster 15 main reload
          refuse pg_ctlcluster 15 main promote

        pg_ctlcluster FEW NAME restart : highRisk, undo no, does restart
          allow pg_ctlcluster 15 main restart
          refuse pg_ctlcluster 15 main restart -m immediate

        program vacuumdb

        vacuumdb [DATABASE] : bounded, undo no, does change
          -h --host HOST, -p --port PORT, -U --username USER, -d --dbname DATABASE, -t --table NAME, -z --analyze
          -Z --analyze-only, --analyze-in-stages, -j --jobs FEW, -v --verbose, -q --quiet, -w --no-password
          -a --all !disruptive, -F --freeze !disruptive, -f --full !highRisk, --skip-locked
          allow vacuumdb -z -d n8n
          allow vacuumdb --analyze-only n8n -t jobs
          refuse vacuumdb -h 203.0.113.9 n8n
          refuse vacuumdb --maintenance-db=postgresql://203.0.113.9/ -a

        program reindexdb

        reindexdb [DATABASE] : highRisk, undo no, does change
          -h --host HOST, -p --port PORT, -U --username USER, -d --dbname DATABASE, -t --table NAME, -i --index NAME
          -j --jobs FEW, -v --verbose, -q --quiet, -w --no-password, --concurrently
          allow reindexdb --concurrently -d n8n -t jobs
          refuse reindexdb --system n8n

        # mysql: a password is never given (-p...), files of options neither.
        program mysql mariadb

        mysql ...
          -h --host HOST, -P --port PORT, -u --user USER, -D --database DATABASE, -N --skip-column-names, -B --batch
          -s --silent, -t --table, -E --vertical, -r --raw, -v --verbose, --connect-timeout SECONDS

        mysql [DATABASE] : observe
          -e --execute SQL
          with -e
          allow mysql -e "show processlist"
          allow mysql -h 127.0.0.1 -u root -N -e "show global status like 'Threads%'"
          allow mysql -e 'show replica status\G'
          refuse mysql -e "select load_file('/etc/shadow')"
          refuse mysql -e "select * from t into outfile '/etc/x'"
          refuse mysql -e "system id"
          refuse mysql -e '\! id'
          refuse mysql -e "set global general_log_file='/etc/x'"
          refuse mysql -pgeheim -e "show processlist"
          refuse mysql --defaults-file=/tmp/x -e "show processlist"
          refuse mysql --tee=/etc/x -e "show processlist"
          refuse mysql

        mysql [DATABASE] : bounded, undo no, does change
          -e --execute SQLMAINTENANCE
          with -e
          allow mysql -e "ANALYZE TABLE orders"
          refuse mysql -e "flush privileges"

        mysql [DATABASE] : highRisk, undo no, does change
          -e --execute SQLINTERRUPTION
          with -e
          allow mysql -e "KILL QUERY 4711"
          refuse mysql -e "drop database orders"
          refuse mysql -e "purge binary logs to 'x'"

        program mysqladmin mariadb-admin

        mysqladmin ...
          -h --host HOST, -P --port PORT, -u --user USER, -s --silent, -v --verbose, --connect-timeout SECONDS

        mysqladmin (status|ping|processlist|extended-status|version|variables)... : observe
          allow mysqladmin status
          allow mysqladmin -h 127.0.0.1 -u root ping
          refuse mysqladmin shutdown
          refuse mysqladmin status shutdown
          refuse mysqladmin drop orders
          refuse mysqladmin -i 1 status

        mysqladmin flush-hosts : bounded, undo no, does flush
          allow mysqladmin flush-hosts
          refuse mysqladmin flush-privileges

        mysqladmin kill NUMBER : highRisk, undo no, does kill
          allow mysqladmin kill 4711
          refuse mysqladmin kill 1,2,3
          refuse mysqladmin password x

        program mysqlcheck mariadb-check

        mysqlcheck ...
          -h --host HOST, -P --port PORT, -u --user USER, -s --silent, -v --verbose

        # Without another word it checks, and so it does for every database.
        mysqlcheck [DATABASE [NAME]] : observe
          -c --check, -q --quick, -F --fast, -m --medium-check, -A --all-databases
          allow mysqlcheck -c orders
          allow mysqlcheck -A -q
          refuse mysqlcheck -f -C orders

        mysqlcheck DATABASE [NAME] : bounded, undo no, does change
          -a --analyze
          with -a
          allow mysqlcheck -a orders
          refuse mysqlcheck -a -A

        mysqlcheck [DATABASE [NAME]] : highRisk, undo no, does change
          -o --optimize, -r --repair, --auto-repair, -A --all-databases
          with -o | -r | --auto-repair
          allow mysqlcheck -o orders jobs
          refuse mysqlcheck -o --defaults-file=/tmp/x orders

        # sqlite3: only with -readonly; the library's writing functions and the shell's dot commands are not SQL.
        program sqlite3 : words

        sqlite3 DATABASEFILE (SQL|.tables|.schema|.dbinfo) : observe
          -readonly --readonly, -header --header, -noheader, -column --column, -csv --csv, -json --json, -line --line
          -list, -box, -table, -markdown, -batch, -bail, -safe
          with -readonly
          allow sqlite3 -readonly /config/home-assistant_v2.db "select count(*) from states"
          allow sqlite3 -readonly -header /config/home-assistant_v2.db "PRAGMA quick_check"
          refuse sqlite3 /config/home-assistant_v2.db "select count(*) from states"
          refuse sqlite3 -readonly /config/home-assistant_v2.db
          refuse sqlite3 -readonly /config/home-assistant_v2.db ".shell id"
          refuse sqlite3 -readonly /config/home-assistant_v2.db "select readfile('/etc/shadow')"
          refuse sqlite3 -readonly /config/home-assistant_v2.db "select load_extension('/tmp/x')"
          refuse sqlite3 -readonly /config/home-assistant_v2.db "attach '/etc/x' as x"
          refuse sqlite3 -readonly -cmd ".shell id" /config/home-assistant_v2.db "select 1"
          refuse sqlite3 -readonly -init /tmp/x /config/home-assistant_v2.db "select 1"
          refuse sqlite3 -readonly /tmp/../config/x.db "select 1"
        """#
}
