//! The demo bank's names: merchants, billers, payees and customers. All made up, and plainly so.

use vostro_bank::Category;
use vostro_types::Currency;

/// A company that customers pay bills to.
pub(crate) struct DemoBiller {
    pub(crate) id: &'static str,
    pub(crate) name: &'static str,
    pub(crate) aliases: &'static [&'static str],
    pub(crate) category: Category,
    /// The letters in front of the customer's reference.
    pub(super) reference: &'static str,
    /// The day of the month on which last month's bill was paid.
    pub(super) paid_on: i8,
    /// The usual bill, from and to, in minor units.
    pub(super) usual_minor: (i64, i64),
    /// Whether there is always a bill to pay, or only sometimes.
    pub(super) always_open: bool,
}

impl DemoBiller {
    /// The bank's own account for what this biller is owed.
    pub(crate) fn account_id(&self, currency: Currency) -> String {
        format!("acc_{}_{}", self.id, currency.code().to_ascii_lowercase())
    }
}

/// Every biller of the demo bank, in the order they are shown.
pub(crate) const BILLERS: [DemoBiller; 6] = [
    DemoBiller {
        id: "bil_demo_electricity",
        name: "Demo Power & Light",
        aliases: &[
            "electricity",
            "electric",
            "power",
            "light",
            "light bill",
            "energy",
        ],
        category: Category::Utilities,
        reference: "DPL",
        paid_on: 5,
        usual_minor: (6_000, 14_000),
        always_open: true,
    },
    DemoBiller {
        id: "bil_demo_water",
        name: "Demo Water Works",
        aliases: &["water", "water bill", "sewer"],
        category: Category::Utilities,
        reference: "DWW",
        paid_on: 8,
        usual_minor: (2_500, 5_500),
        always_open: true,
    },
    DemoBiller {
        id: "bil_demo_gas",
        name: "Demo Gas Supply",
        aliases: &["gas", "gas bill", "heating"],
        category: Category::Utilities,
        reference: "DGS",
        paid_on: 12,
        usual_minor: (3_000, 8_000),
        always_open: false,
    },
    DemoBiller {
        id: "bil_demo_internet",
        name: "Demo Fiber Internet",
        aliases: &["internet", "wifi", "wi-fi", "broadband", "cable"],
        category: Category::Utilities,
        reference: "DFI",
        paid_on: 15,
        usual_minor: (5_999, 5_999),
        always_open: true,
    },
    DemoBiller {
        id: "bil_demo_phone",
        name: "Demo Mobile",
        aliases: &["phone", "mobile", "cell", "cell phone", "phone bill"],
        category: Category::Utilities,
        reference: "DMO",
        paid_on: 18,
        usual_minor: (4_500, 4_500),
        always_open: true,
    },
    DemoBiller {
        id: "bil_demo_insurance",
        name: "Demo Renters Insurance",
        aliases: &[
            "insurance",
            "renters insurance",
            "rent insurance",
            "home insurance",
        ],
        category: Category::Housing,
        reference: "DRI",
        paid_on: 20,
        usual_minor: (1_850, 1_850),
        always_open: false,
    },
];

/// A person whom every demo customer has saved.
pub(super) struct DemoPayee {
    pub(super) name: &'static str,
    pub(super) aliases: &'static [&'static str],
}

/// The payees, the landlord last.
pub(super) const PAYEES: [DemoPayee; 4] = [
    DemoPayee {
        name: "Anna (demo)",
        aliases: &["anna"],
    },
    DemoPayee {
        name: "John (demo)",
        aliases: &["john"],
    },
    DemoPayee {
        name: "Mum (demo)",
        aliases: &["mum", "mom", "mother"],
    },
    DemoPayee {
        name: "Landlord (demo)",
        aliases: &["landlord"],
    },
];

/// A kind of shopping: where, for how much, how often.
pub(super) struct Habit {
    pub(super) merchants: &'static [&'static str],
    pub(super) category: Category,
    /// Minor units, from and to.
    pub(super) amount_minor: (i64, i64),
    /// Times a week.
    pub(super) weekly: f64,
    /// The share that goes on the credit card.
    pub(super) on_card: f64,
}

/// What demo customers spend their money on.
pub(super) const HABITS: [Habit; 8] = [
    Habit {
        merchants: &["Demo Mart", "Green Basket (demo)", "Corner Grocer (demo)"],
        category: Category::Groceries,
        amount_minor: (1_800, 11_000),
        weekly: 2.1,
        on_card: 0.15,
    },
    Habit {
        merchants: &["Corner Coffee (demo)", "Bean Stop (demo)"],
        category: Category::Dining,
        amount_minor: (350, 950),
        weekly: 2.2,
        on_card: 0.4,
    },
    Habit {
        merchants: &[
            "Noodle House (demo)",
            "Pizza Place (demo)",
            "Sample Bistro",
            "Taco Spot (demo)",
        ],
        category: Category::Dining,
        amount_minor: (1_200, 6_500),
        weekly: 1.6,
        on_card: 0.6,
    },
    Habit {
        merchants: &["City Transit (demo)", "Demo Rides", "Demo Fuel Stop"],
        category: Category::Transport,
        amount_minor: (275, 4_800),
        weekly: 2.0,
        on_card: 0.3,
    },
    Habit {
        merchants: &[
            "Demo Outfitters",
            "Sample Electronics",
            "Home & Hearth (demo)",
            "Page Turner Books (demo)",
        ],
        category: Category::Shopping,
        amount_minor: (1_500, 14_000),
        weekly: 0.9,
        on_card: 0.8,
    },
    Habit {
        merchants: &["Demo Cinema", "Demo Game Store", "Sample Concert Hall"],
        category: Category::Entertainment,
        amount_minor: (1_100, 6_000),
        weekly: 0.4,
        on_card: 0.7,
    },
    Habit {
        merchants: &["Demo Pharmacy", "Sample Clinic", "Demo Gym"],
        category: Category::Health,
        amount_minor: (900, 5_500),
        weekly: 0.5,
        on_card: 0.3,
    },
    Habit {
        merchants: &["Demo Airways", "Sample Hotel", "Demo Rail"],
        category: Category::Travel,
        amount_minor: (4_500, 26_000),
        weekly: 0.15,
        on_card: 1.0,
    },
];

/// Paid with the card on the same day each month: merchant, day, minor units.
pub(super) const SUBSCRIPTIONS: [(&str, i8, i64); 3] = [
    ("Demo Stream", 3, 1_299),
    ("Demo Music", 11, 999),
    ("Demo Cloud Storage", 24, 299),
];

pub(super) const EMPLOYER: &str = "Demo Employer Inc";
pub(super) const CASH_MACHINE: &str = "Demo ATM";

/// How a named demo customer is addressed. After 20 the names come again with a number.
pub(super) fn customer_name(number: u32) -> String {
    const NAMES: [&str; 20] = [
        "Alex", "Bailey", "Casey", "Dana", "Ellis", "Finley", "Gray", "Harper", "Indigo", "Jamie",
        "Kai", "Logan", "Morgan", "Noel", "Oakley", "Parker", "Quinn", "Riley", "Sage", "Taylor",
    ];
    let place = number.saturating_sub(1) as usize;
    let name = NAMES
        .get(place % NAMES.len())
        .copied()
        .unwrap_or("Customer");
    match place / NAMES.len() {
        0 => format!("{name} (demo)"),
        round => format!("{name} {} (demo)", round + 1),
    }
}
