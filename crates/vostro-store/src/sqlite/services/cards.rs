//! Cards: frozen, blocked, replaced, limited.

use rusqlite::{Connection, OptionalExtension};
use vostro_bank::{CardKind, CardStatus, CardView, ChangeRefusal};
use vostro_types::{AccountId, CardId, Money};

use super::super::rows::currency_of;
use super::super::sql;
use super::Applied;
use super::records::day;
use crate::error::DbError;
use crate::services::Supplies;

/// The customer's card of this id: its row and how it stands.
fn card(
    connection: &Connection,
    owner: i64,
    id: &CardId,
) -> Result<Option<(i64, String)>, DbError> {
    let found = connection
        .prepare_cached(sql::CARD)?
        .query_row((owner, id.as_str()), |row| Ok((row.get(0)?, row.get(1)?)));
    Ok(found.optional()?)
}

pub(super) fn switch(
    connection: &Connection,
    owner: i64,
    id: &CardId,
    from: &str,
    to: &str,
) -> Result<Applied, DbError> {
    let Some((pk, status)) = card(connection, owner, id)? else {
        return Ok(Err(ChangeRefusal::Unknown));
    };
    if status != from {
        return Ok(Err(ChangeRefusal::State));
    }
    connection
        .prepare_cached(sql::CARD_SET_STATUS)?
        .execute((pk, to))?;
    Ok(Ok(None))
}

/// A card that pays, or can pay again.
pub(super) fn paying(
    connection: &Connection,
    owner: i64,
    id: &CardId,
) -> Result<Result<i64, ChangeRefusal>, DbError> {
    Ok(match card(connection, owner, id)? {
        None => Err(ChangeRefusal::Unknown),
        Some((pk, status)) if matches!(status.as_str(), "active" | "frozen") => Ok(pk),
        Some(_) => Err(ChangeRefusal::State),
    })
}

/// Orders new cards in the place of these, which are blocked or go on paying meanwhile.
pub(super) fn replace(
    connection: &Connection,
    owner: i64,
    cards: &[CardId],
    supplies: &Supplies,
    block: bool,
) -> Result<Applied, DbError> {
    let mut old = Vec::new();
    for id in cards {
        match paying(connection, owner, id)? {
            Ok(pk) => old.push(pk),
            Err(refusal) => return Ok(Err(refusal)),
        }
    }
    let mut ordered = Vec::new();
    for (pk, (id, end)) in old.iter().zip(supplies.ids.iter().zip(&supplies.ends)) {
        if block {
            connection
                .prepare_cached(sql::CARD_SET_STATUS)?
                .execute((pk, "blocked"))?;
        }
        let changed = connection.prepare_cached(sql::CARD_ORDER)?.execute((
            pk,
            id,
            end,
            supplies.arrival.to_string(),
        ))?;
        if changed > 0 {
            ordered.push(end.clone());
        }
    }
    Ok(match (block, ordered.is_empty()) {
        (false, true) => Err(ChangeRefusal::State),
        _ => Ok(Some(ordered.join(","))),
    })
}

/// The customer's cards, in the order in which they were made.
pub(in super::super) fn cards(
    connection: &Connection,
    owner: i64,
) -> Result<Vec<CardView>, DbError> {
    let mut statement = connection.prepare_cached(sql::CARDS_OF_CUSTOMER)?;
    let mut found = statement.query((owner,))?;
    let mut cards = Vec::new();
    while let Some(row) = found.next()? {
        let (kind, status): (String, String) = (row.get(2)?, row.get(5)?);
        let currency = currency_of(&row.get::<_, String>(7)?)?;
        cards.push(CardView {
            id: CardId::new(row.get::<_, String>(0)?).map_err(|_| DbError::Corrupt("card id"))?,
            account: AccountId::new(row.get::<_, String>(1)?)
                .map_err(|_| DbError::Corrupt("account id"))?,
            kind: CardKind::parse(&kind).ok_or(DbError::Corrupt("card kind"))?,
            name: row.get(3)?,
            last_four: row.get(4)?,
            status: CardStatus::parse(&status).ok_or(DbError::Corrupt("card status"))?,
            daily_limit: Money::new(row.get(6)?, currency),
            arrives_on: row
                .get::<_, Option<String>>(8)?
                .map(|text| day(&text))
                .transpose()?,
        });
    }
    Ok(cards)
}
