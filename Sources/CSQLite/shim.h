#include <sqlite3.h>

// Swift calls no functions with variable arguments. `keeps`: whether closing the last connection leaves the
// write-ahead log as it is, instead of writing it back into the database and removing it.
static inline int jarvis_sqlite3_keeps_log(sqlite3 *database, int keeps) {
    return sqlite3_db_config(database, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, keeps, (int *)0);
}
