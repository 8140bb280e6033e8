//! What Tableau tells of jobs
//! (<https://help.tableau.com/current/api/rest_api/en-us/REST/rest_api_ref_jobs_tasks_and_schedules.htm>).

use jiff::Timestamp;
use serde_json::Value;

use crate::model::refresh::Posted;
use crate::remote::rest;

/// How long before a call its job may seem to have begun, since clocks differ.
const CLOCK_SKEW_SECONDS: i64 = 30;

/// The path of the list of jobs that refresh extracts and began at this time or later.
pub(super) fn list_path(since: i64) -> String {
    let since = Timestamp::from_second(since - CLOCK_SKEW_SECONDS).unwrap_or_default();
    format!("jobs?pageSize=1000&filter=jobType:eq:refresh_extracts,createdAt:gte:{since}")
}

/// The job of something with this name in a list of jobs: whether there is one, and its luid. `None`
/// if that is not a list.
pub(super) fn find(body: &[u8], name: &str) -> Option<Option<String>> {
    let page = rest::page(body, "backgroundJobs", "backgroundJob")?;
    let of_name = |job: &&Value| rest::text(job, "title").as_deref() == Some(name);
    let job = page.items.iter().find(of_name);
    Some(job.and_then(|job| rest::text(job, "id")))
}

/// The luid of the job in the answer to a refresh.
pub(super) fn begun(body: &[u8]) -> Option<String> {
    let body = serde_json::from_slice::<Value>(body).ok()?;
    rest::text(body.get("job")?, "id")
}

/// What became of a job; `None` while it waits or runs, and the outer `None` if that is not a job. A
/// job whose progress is 100 may have failed: its finish code alone tells.
pub(super) fn ended(body: &[u8]) -> Option<Option<Posted>> {
    let body = serde_json::from_slice::<Value>(body).ok()?;
    let job = body.get("job")?;
    let Some(code) = rest::text(job, "finishCode") else {
        return Some(None);
    };
    Some(match code.as_str() {
        "0" => Some(Posted::Done),
        "1" => Some(Posted::JobFailed(notes(job))),
        "2" => Some(Posted::Cancelled),
        "3" => Some(Posted::DoneOnBridge),
        other => Some(Posted::JobFailed(format!(
            "its finish code {other} is not known"
        ))),
    })
}

/// Why a job failed, in Tableau's words.
fn notes(job: &Value) -> String {
    let refresh = job.get("extractRefreshJob");
    let own = refresh.and_then(|refresh| rest::text(refresh, "notes"));
    let notes = own.or_else(|| rest::text(job, "notes")).or_else(|| {
        let notes = job.get("statusNotes")?.get("statusNote")?;
        let first = notes.as_array().map_or(Some(notes), |all| all.first())?;
        rest::text(first, "text")
    });
    notes.unwrap_or_else(|| "Tableau gives no reason".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_finish_code_alone_says_how_a_job_ended() {
        let ended = |job: &str| ended(format!(r#"{{"job": {job}}}"#).as_bytes());
        assert_eq!(ended(r#"{"progress": "30"}"#), Some(None));
        assert_eq!(ended(r#"{"finishCode": "0"}"#), Some(Some(Posted::Done)));
        assert_eq!(
            ended(r#"{"finishCode": 3}"#),
            Some(Some(Posted::DoneOnBridge))
        );
        assert_eq!(
            ended(r#"{"finishCode": "2"}"#),
            Some(Some(Posted::Cancelled))
        );
        let failed =
            r#"{"progress": 100, "finishCode": "1", "extractRefreshJob": {"notes": "denied"}}"#;
        assert_eq!(
            ended(failed),
            Some(Some(Posted::JobFailed("denied".to_owned())))
        );
        let noted = r#"{"finishCode": 1, "statusNotes": {"statusNote": [{"text": "quota"}]}}"#;
        assert_eq!(
            ended(noted),
            Some(Some(Posted::JobFailed("quota".to_owned())))
        );
        assert_eq!(super::ended(b"<html>"), None);
    }

    #[test]
    fn a_job_is_found_by_its_title() {
        let list = br#"{"backgroundJobs": {"backgroundJob": [
            {"id": "1", "title": "Guests"}, {"id": "2", "title": "Sales"}]}}"#;
        assert_eq!(find(list, "Sales"), Some(Some("2".to_owned())));
        assert_eq!(find(list, "Bills"), Some(None));
        assert_eq!(find(br#"{"backgroundJobs": {}}"#, "Sales"), Some(None));
        assert_eq!(find(b"<html>", "Sales"), None);
        assert_eq!(
            list_path(60),
            "jobs?pageSize=1000&filter=jobType:eq:refresh_extracts,createdAt:gte:1970-01-01T00:00:30Z"
        );
    }
}
