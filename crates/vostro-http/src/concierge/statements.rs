//! `GET /api/v1/accounts/{account_id}/statements/{month}`: a month's statement, as JSON or CSV.
//!
//! JSON comes in pages of at most 1,000 entries, each with the sums of the whole month. CSV (RFC 4180) is
//! sent as it is read, page by page, so that a large month never stands in memory; should the records fail
//! midway the connection breaks off, so that half a statement is not taken for a whole one.

use std::io;
use std::sync::Arc;

use axum::Json;
use axum::body::Body;
use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Extension, Path, Query, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use futures::stream;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use vostro_bank::{StatementPage, StatementQuery, Store, TransactionView};
use vostro_dialogue::reply::Amount;
use vostro_types::{AccountId, CustomerId};

use super::State as Shared;
use super::turns::store_problem;
use crate::docs::Failures;
use crate::edge::Caller;
use crate::problem::{ErrorBody, Problem};

/// Entries of one page.
const PAGE: u32 = 1_000;

/// Who asks, and in which form.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub(super) struct StatementParameters {
    /// Whose account it is (outside the sandbox, the customer of the credential).
    #[param(
        required = true,
        min_length = 1,
        max_length = 128,
        pattern = r"^[^\x00-\x1f\x7f-\x9f]+$",
        example = "test_user_12345"
    )]
    user_id: String,
    /// `json` or `csv`.
    #[param(inline, required = false, example = "json")]
    format: Option<Format>,
    /// Only entries after this place: the `next` of the page before. CSV always has all of them.
    #[param(required = false)]
    after: Option<i64>,
}

/// The form of a statement.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(super) enum Format {
    /// A JSON object.
    #[default]
    Json,
    /// Comma-separated values with a heading (RFC 4180).
    Csv,
}

/// A page of a statement. `opening` + `received` − `spent` = `closing`.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Statement {
    /// The account.
    account_id: String,
    /// The first day.
    #[schema(value_type = String, format = Date)]
    from: Date,
    /// The last day.
    #[schema(value_type = String, format = Date)]
    to: Date,
    /// The balance before it.
    opening: Amount,
    /// What came in.
    received: Amount,
    /// What went out.
    spent: Amount,
    /// The balance after it.
    closing: Amount,
    /// How many entries the month has.
    count: u64,
    /// The entries of this page, oldest first.
    entries: Vec<StatementEntry>,
    /// What to give as `after` for the next page; null on the last.
    next: Option<i64>,
}

/// An entry of a statement.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct StatementEntry {
    /// The day on which it was posted.
    #[schema(value_type = String, format = Date)]
    date: Date,
    /// What it says.
    description: String,
    /// Signed: negative left the account.
    amount: Amount,
    /// The balance after it.
    balance: Amount,
    /// The transfer it belongs to.
    transfer_id: String,
}

/// What is asked for, read and checked.
struct Asked {
    customer: CustomerId,
    query: StatementQuery,
    format: Format,
    month: Date,
    zone: TimeZone,
}

/// A month's statement
///
/// The days are those of the bank's time zone. An account that is not there, or is another user's, is 404.
#[utoipa::path(
    get, path = "/api/v1/accounts/{account_id}/statements/{month}", operation_id = "statement", tag = "concierge",
    params(
        ("account_id" = String, Path, description = "The account", example = "acc_00041061050r3gg28a1c60t3gf"),
        ("month" = String, Path, description = "The month, `yyyy-mm`", pattern = "^[0-9]{4}-(0[1-9]|1[0-2])$", example = "2026-10"),
        StatementParameters,
    ),
    responses(
        (status = 200, description = "The statement; with `format=csv` as `text/csv`", body = Statement),
        (status = 400, description = "The query cannot be read", body = ErrorBody, content_type = "application/problem+json"),
        (status = 404, description = "This user has no such account", body = ErrorBody, content_type = "application/problem+json"),
        (status = 422, description = "`user_id` is missing, or the month is none", body = ErrorBody, content_type = "application/problem+json"),
        (status = 503, description = "The records do not answer", body = ErrorBody, content_type = "application/problem+json"),
        Failures,
    ),
)]
pub(super) async fn statement(
    State((edge, service)): State<Shared>,
    Extension(caller): Extension<Caller>,
    path: Result<Path<(String, String)>, PathRejection>,
    query: Result<Query<StatementParameters>, QueryRejection>,
) -> Result<Response, Problem> {
    let zone = service.concierge.time_zone();
    let asked = match read(path.ok(), query.ok(), zone) {
        Ok(asked) => asked,
        Err(problem) => {
            edge.admit_caller(&caller).await?;
            return Err(problem);
        }
    };
    let principal = edge.principal(&caller, asked.customer.clone()).await?;
    let page = service
        .store
        .statement(&principal.customer, &asked.query)
        .await;
    let page = page
        .map_err(|error| store_problem(&error))?
        .ok_or_else(not_found)?;
    Ok(match asked.format {
        Format::Json => Json(view(&asked, &page)).into_response(),
        Format::Csv => csv(service.store.clone(), asked, page),
    })
}

fn not_found() -> Problem {
    Problem::not_found("this user has no such account")
}

fn read(
    path: Option<Path<(String, String)>>,
    query: Option<Query<StatementParameters>>,
    zone: &TimeZone,
) -> Result<Asked, Problem> {
    let Query(query) = query.ok_or(Problem::bad_request("the query cannot be read"))?;
    let customer = CustomerId::new(query.user_id)
        .map_err(|error| Problem::invalid(format!("`user_id`: {error}")))?;
    let Path((account, month)) = path.ok_or_else(not_found)?;
    let account = AccountId::new(account).map_err(|_| not_found())?;
    let (month, from, until) = bounds(&month, zone).ok_or(Problem::invalid(
        "the month is written as `yyyy-mm`, such as `2026-10`",
    ))?;
    let format = query.format.unwrap_or_default();
    Ok(Asked {
        customer,
        query: StatementQuery {
            account,
            from,
            until,
            limit: PAGE,
            after: query.after.filter(|_| format == Format::Json),
        },
        format,
        month,
        zone: zone.clone(),
    })
}

/// The first day of a month, and the instants at which it begins and ends.
fn bounds(text: &str, zone: &TimeZone) -> Option<(Date, Timestamp, Timestamp)> {
    let (year, month) = text.split_once('-')?;
    let digits =
        |text: &str, count| text.len() == count && text.bytes().all(|b| b.is_ascii_digit());
    if !digits(year, 4) || !digits(month, 2) {
        return None;
    }
    let first = Date::new(year.parse().ok()?, month.parse().ok()?, 1).ok()?;
    let next = first.checked_add(1.month()).ok()?;
    let begins = |date: Date| Some(date.to_zoned(zone.clone()).ok()?.timestamp());
    Some((first, begins(first)?, begins(next)?))
}

fn view(asked: &Asked, page: &StatementPage) -> Statement {
    let entry = |entry: &TransactionView| StatementEntry {
        date: entry.posted_at.to_zoned(asked.zone.clone()).date(),
        description: entry.description.clone(),
        amount: entry.amount.into(),
        balance: entry.balance_after.into(),
        transfer_id: entry.transfer.as_str().to_owned(),
    };
    Statement {
        account_id: asked.query.account.as_str().to_owned(),
        from: asked.month,
        to: asked.month.last_of_month(),
        opening: page.opening.into(),
        received: page.received.into(),
        spent: page.spent.into(),
        closing: page.closing.into(),
        count: page.count,
        entries: page.entries.iter().map(entry).collect(),
        next: page.next,
    }
}

/// The statement as CSV, a page at a time.
fn csv(store: Arc<dyn Store>, asked: Asked, first: StatementPage) -> Response {
    let file = format!(
        "attachment; filename=\"statement-{}.csv\"",
        asked.month.strftime("%Y-%m")
    );
    let heading = "date,description,amount,currency,balance,transfer\r\n".to_owned();
    let pages = stream::try_unfold(Some((store, asked, first, heading)), |state| async {
        let Some((store, mut asked, page, mut text)) = state else {
            return Ok::<_, io::Error>(None);
        };
        page.entries
            .iter()
            .for_each(|entry| text.push_str(&row(&asked.zone, entry)));
        let Some(next) = page.next else {
            return Ok(Some((text, None)));
        };
        asked.query.after = Some(next);
        let page = store.statement(&asked.customer, &asked.query).await;
        let page = page.map_err(io::Error::other)?;
        let page = page.ok_or_else(|| io::Error::other("the account is gone"))?;
        Ok(Some((text, Some((store, asked, page, String::new())))))
    });
    let headers = [
        (CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (CONTENT_DISPOSITION, file),
    ];
    (headers, Body::from_stream(pages)).into_response()
}

fn row(zone: &TimeZone, entry: &TransactionView) -> String {
    format!(
        "{},{},{},{},{},{}\r\n",
        entry.posted_at.to_zoned(zone.clone()).date(),
        cell(&entry.description),
        entry.amount.to_decimal(),
        entry.amount.currency.code(),
        entry.balance_after.to_decimal(),
        cell(entry.transfer.as_str()),
    )
}

/// A text as a cell: quoted, and never a formula to a spreadsheet, whatever a payee is called.
fn cell(text: &str) -> String {
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let guard = if formula { "'" } else { "" };
    format!("\"{guard}{}\"", text.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_are_read_in_the_banks_time_zone() {
        let zone = TimeZone::get("America/New_York").unwrap();
        let (_, from, until) = bounds("2026-03", &zone).unwrap();
        assert_eq!(
            (from.to_string(), until.to_string()),
            ("2026-03-01T05:00:00Z".into(), "2026-04-01T04:00:00Z".into())
        );
        for text in [
            "",
            "2026",
            "2026-13",
            "2026-00",
            "26-03",
            "2026-3",
            "+026-03",
            "2026-03-01",
            "٢٠٢٦-03",
            "9999-12",
        ] {
            assert!(bounds(text, &zone).is_none(), "{text:?}");
        }
    }

    #[test]
    fn cells_are_quoted_and_no_formulas() {
        let cases = [
            ("Transfer to Anna", "\"Transfer to Anna\""),
            ("a \"b\", c", "\"a \"\"b\"\", c\""),
            ("=1+1", "\"'=1+1\""),
            ("@sum", "\"'@sum\""),
            ("two\nlines", "\"two\nlines\""),
        ];
        for (text, expected) in cases {
            assert_eq!(cell(text), expected);
        }
    }
}
