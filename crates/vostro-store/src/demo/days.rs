//! Ninety days of a demo customer's money: pay, rent, bills, shopping, cash, savings, the card.
//!
//! First the movements whose amounts are known, in order of time; then a walk over them that keeps the
//! balances and fills in what depends on them (the card payment, the interest, the opening balances).

use jiff::civil::{Date, DateTime, Weekday, date};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use rand::Rng;
use rand_chacha::ChaCha8Rng;
use vostro_bank::Category;

use super::catalogue::{BILLERS, CASH_MACHINE, EMPLOYER, HABITS, Habit, PAYEES, SUBSCRIPTIONS};
use super::plan::{CARD, CHECKING, DAYS, Line, Movement, Party, SAVINGS};
use crate::config::StoreConfig;

/// What stays in checking on the worst day.
const CUSHION_MINOR: i64 = 15_000;
/// What a bank pays on savings in a month, in hundredths of a percent.
const INTEREST_BASIS_POINTS: i64 = 18;

/// Where weeks are counted from, so that payday does not shift with the year.
const FIRST_FRIDAY: Date = date(1970, 1, 2);

/// A customer's fixed figures.
struct Budget {
    pay_minor: i64,
    rent_minor: i64,
    saving_minor: i64,
    /// Which of two Fridays is payday.
    payday: i64,
}

struct Days<'a> {
    time_zone: &'a TimeZone,
    rng: &'a mut ChaCha8Rng,
    movements: Vec<Movement>,
}

/// The movements of the 90 days before `today`, oldest first.
pub(super) fn movements(
    today: Date,
    credit_limit_minor: i64,
    config: &StoreConfig,
    rng: &mut ChaCha8Rng,
) -> Vec<Movement> {
    let budget = Budget {
        pay_minor: rng.random_range(180_000..=225_000),
        rent_minor: rng.random_range(110..=145) * 1_000,
        saving_minor: rng.random_range(4..=8) * 5_000,
        payday: rng.random_range(0..=1),
    };
    let mut days = Days {
        time_zone: config.time_zone(),
        rng,
        movements: Vec::new(),
    };
    for back in (1..=DAYS).rev() {
        let day = today.saturating_sub(i64::from(back).days());
        days.calendar(day, &budget);
        days.habits(day);
    }
    let mut movements = days.movements;
    movements.sort_by_key(|movement| movement.at);
    let openings = [
        rng.random_range(200_000..=600_000),
        rng.random_range(300_000..=1_200_000),
        -rng.random_range(15_000..=60_000),
    ];
    let first_day = today.saturating_sub(i64::from(DAYS).days());
    let opened_at = instant(first_day.at(0, 0, 0, 0), config.time_zone());
    settle(movements, openings, credit_limit_minor, opened_at)
}

impl Days<'_> {
    /// What happens on fixed days.
    fn calendar(&mut self, day: Date, budget: &Budget) {
        let weeks = day.duration_since(FIRST_FRIDAY).as_hours() / (7 * 24);
        if day.weekday() == Weekday::Friday && weeks % 2 == budget.payday {
            let line = reads("Payroll deposit", Some(EMPLOYER), Category::Income);
            self.arrives(day, "direct_deposit", CHECKING, budget.pay_minor, line);
        }
        match day.day() {
            1 => {
                let landlord = PAYEES.last().map_or("landlord", |payee| payee.name);
                let line = reads(&format!("Rent to {landlord}"), None, Category::Housing);
                let rent = budget.rent_minor;
                self.leaves(day, "payee_transfer", CHECKING, Party::Outside, rent, line);
            }
            2 => {
                let texts = ["Transfer to Savings", "Transfer from Everyday Checking"];
                self.between(day, CHECKING, SAVINGS, budget.saving_minor, texts);
            }
            // The amount follows from what is owed then: see `settle`.
            22 => {
                let texts = ["Credit card payment", "Payment received"];
                self.between(day, CHECKING, CARD, 0, texts);
            }
            _ => {}
        }
        if day.tomorrow().is_ok_and(|next| next.day() == 1) {
            let line = reads("Interest paid", None, Category::Income);
            self.push(day, "interest", Party::Bank, Party::Own(SAVINGS), 0, line);
        }
        self.bills(day);
    }

    /// Bills and subscriptions.
    fn bills(&mut self, day: Date) {
        for (place, biller) in BILLERS.iter().enumerate() {
            if day.day() == biller.paid_on {
                let (from, to) = biller.usual_minor;
                let amount = self.rng.random_range(from..=to);
                let text = format!("Bill payment to {}", biller.name);
                let line = reads(&text, Some(biller.name), biller.category);
                self.leaves(
                    day,
                    "bill_payment",
                    CHECKING,
                    Party::Biller(place),
                    amount,
                    line,
                );
            }
        }
        for (merchant, on, amount) in SUBSCRIPTIONS {
            if day.day() == on {
                let text = format!("Subscription {merchant}");
                let line = reads(&text, Some(merchant), Category::Entertainment);
                self.leaves(day, "card_purchase", CARD, Party::Outside, amount, line);
            }
        }
    }

    /// What happens now and then.
    fn habits(&mut self, day: Date) {
        for habit in &HABITS {
            if self.rng.random_bool(habit.weekly / 7.0) {
                self.purchase(day, habit);
            }
        }
        if self.rng.random_bool(0.055) {
            let line = reads("Cash withdrawal", Some(CASH_MACHINE), Category::Cash);
            let amount = self.rng.random_range(1..=5) * 2_000;
            self.leaves(
                day,
                "cash_withdrawal",
                CHECKING,
                Party::Outside,
                amount,
                line,
            );
            if self.rng.random_bool(0.25) {
                let line = reads("Cash machine fee", None, Category::Fees);
                self.leaves(day, "fee", CHECKING, Party::Bank, 250, line);
            }
        }
        if self.rng.random_bool(0.07) {
            // Not the landlord, who has a day of his own.
            let payee = &PAYEES[self.rng.random_range(0..PAYEES.len() - 1)];
            let line = reads(
                &format!("Transfer to {}", payee.name),
                None,
                Category::Transfers,
            );
            let amount = self.rng.random_range(2..=24) * 500;
            self.leaves(
                day,
                "payee_transfer",
                CHECKING,
                Party::Outside,
                amount,
                line,
            );
        }
        if self.rng.random_bool(0.015) {
            let merchant = "Demo Outfitters";
            let line = reads(
                &format!("Refund {merchant}"),
                Some(merchant),
                Category::Income,
            );
            let amount = self.rng.random_range(1_500..=6_000);
            self.arrives(day, "refund", CARD, amount, line);
        }
    }

    fn purchase(&mut self, day: Date, habit: &Habit) {
        let place = self.rng.random_range(0..habit.merchants.len());
        let (from, to) = habit.amount_minor;
        // Small purchases are more usual than large ones.
        let amount = self
            .rng
            .random_range(from..=to)
            .min(self.rng.random_range(from..=to));
        let account = if self.rng.random_bool(habit.on_card) {
            CARD
        } else {
            CHECKING
        };
        let Some(&merchant) = habit.merchants.get(place) else {
            return;
        };
        let line = reads(
            &format!("Card purchase {merchant}"),
            Some(merchant),
            habit.category,
        );
        self.leaves(day, "card_purchase", account, Party::Outside, amount, line);
    }

    fn leaves(
        &mut self,
        day: Date,
        kind: &'static str,
        own: usize,
        to: Party,
        minor: i64,
        line: Line,
    ) {
        self.push(day, kind, Party::Own(own), to, minor, line);
    }

    fn arrives(&mut self, day: Date, kind: &'static str, own: usize, minor: i64, line: Line) {
        self.push(day, kind, Party::Outside, Party::Own(own), minor, line);
    }

    fn between(&mut self, day: Date, from: usize, to: usize, minor: i64, texts: [&str; 2]) {
        let [out, into] = texts.map(|text| reads(text, None, Category::Transfers));
        self.push(
            day,
            "own_transfer",
            Party::Own(from),
            Party::Own(to),
            minor,
            out,
        );
        if let Some(movement) = self.movements.last_mut() {
            movement.destination_line = into;
        }
    }

    fn push(
        &mut self,
        day: Date,
        kind: &'static str,
        source: Party,
        destination: Party,
        amount_minor: i64,
        line: Line,
    ) {
        let (hour, minute, second) = match kind {
            "interest" => (23, 30, 0),
            "direct_deposit" => (6, 15, 0),
            _ => (
                self.rng.random_range(7..=21),
                self.rng.random_range(0..60),
                self.rng.random_range(0..60),
            ),
        };
        self.movements.push(Movement {
            at: instant(day.at(hour, minute, second, 0), self.time_zone),
            kind,
            source,
            destination,
            amount_minor,
            source_line: line.clone(),
            destination_line: line,
        });
    }
}

/// Walks over the movements with the balances: opening balances come first, a card payment pays most of
/// what is owed, interest follows the balance, and what would break a floor does not happen.
fn settle(
    movements: Vec<Movement>,
    openings: [i64; 3],
    credit_limit_minor: i64,
    opened_at: Timestamp,
) -> Vec<Movement> {
    let mut balances = openings;
    let mut lowest_checking = openings[CHECKING];
    let mut settled = Vec::with_capacity(movements.len() + openings.len());
    for mut movement in movements {
        match movement.kind {
            "own_transfer" if movement.destination == Party::Own(CARD) => {
                let owed = (-balances[CARD]).max(0);
                movement.amount_minor = owed - owed % 100;
            }
            "interest" => {
                movement.amount_minor = balances[SAVINGS] * INTEREST_BASIS_POINTS / 10_000;
            }
            _ => {}
        }
        let on_card = movement.source == Party::Own(CARD);
        let over_limit = on_card && balances[CARD] - movement.amount_minor < -credit_limit_minor;
        if movement.amount_minor <= 0 || over_limit {
            continue;
        }
        for (party, signed) in [
            (movement.source, -movement.amount_minor),
            (movement.destination, movement.amount_minor),
        ] {
            if let Party::Own(place) = party
                && let Some(balance) = balances.get_mut(place)
            {
                *balance += signed;
            }
        }
        lowest_checking = lowest_checking.min(balances[CHECKING]);
        settled.push(movement);
    }
    let [_, savings, card] = openings;
    let target = openings[CHECKING];
    // Checking was walked from the balance it is to end with: shift it there, but not below the cushion.
    let drift = balances[CHECKING] - target;
    let checking = (target - drift).max(target - lowest_checking + CUSHION_MINOR);
    let mut all: Vec<Movement> = [checking, savings, card]
        .into_iter()
        .enumerate()
        .filter_map(|(place, minor)| opening(place, minor, opened_at))
        .collect();
    all.append(&mut settled);
    all
}

fn opening(place: usize, minor: i64, at: Timestamp) -> Option<Movement> {
    let line = reads("Opening balance", None, Category::Other);
    let (source, destination) = if minor > 0 {
        (Party::Outside, Party::Own(place))
    } else {
        (Party::Own(place), Party::Outside)
    };
    (minor != 0).then(|| Movement {
        at,
        kind: "opening",
        source,
        destination,
        amount_minor: minor.saturating_abs(),
        source_line: line.clone(),
        destination_line: line,
    })
}

fn reads(description: &str, merchant: Option<&'static str>, category: Category) -> Line {
    Line {
        description: description.to_owned(),
        merchant,
        category,
    }
}

/// The instant of a civil time at the bank; one that does not exist there is moved as clocks are.
fn instant(at: DateTime, time_zone: &TimeZone) -> Timestamp {
    time_zone
        .to_ambiguous_zoned(at)
        .compatible()
        .map_or(Timestamp::UNIX_EPOCH, |zoned| zoned.timestamp())
}
