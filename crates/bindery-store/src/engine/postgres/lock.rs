//! The lock of those who remove rows with their bytes: an advisory lock of the server, which ends with its session.

use super::connection::Connection;
use super::failure::Failed;

/// Takes it alone; the number is nobody else's in this database (migrations and the clock of changes have those before).
const TRY_ALONE: &str = "select cast(pg_try_advisory_lock(4775927370) as int)";
/// Takes it with others who keep it from those who want it alone. It yields nothing that could be read.
const WITH_OTHERS: &str = "select 1 from (select pg_advisory_lock_shared(4775927370)) as locked";
const RELEASE: &str = "select cast(pg_advisory_unlock(4775927370) as int)";

/// A lock and the connection that has it. Dropped, it goes with its connection, which is closed.
pub(crate) struct SessionLock(Box<Connection>);

impl std::fmt::Debug for SessionLock {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SessionLock")
    }
}

impl SessionLock {
    pub(super) async fn try_alone(connection: Connection) -> Result<Option<Self>, Failed> {
        let answer = connection.run(TRY_ALONE, &[]).await;
        let got = match answer {
            Ok(mut rows) => rows.pop().and_then(|mut row| row.take::<i64>(0).ok()) == Some(1),
            Err(failed) => return Err(failed),
        };
        if got {
            return Ok(Some(Self(Box::new(connection))));
        }
        connection.end(&Ok(()));
        Ok(None)
    }

    pub(super) async fn with_others(connection: Connection) -> Result<Self, Failed> {
        connection.run(WITH_OTHERS, &[]).await?;
        Ok(Self(Box::new(connection)))
    }

    /// Gives the lock back to the server and the connection to the pool.
    pub(crate) async fn release(self) {
        let answer = self.0.run(RELEASE, &[]).await;
        // With the lock still there it must not serve anybody else.
        if answer.is_ok() {
            self.0.end(&answer);
        }
    }
}
