//! The customer's language: told from a message, and kept for the conversation.
//!
//! Words that only one of the languages has decide, and a message that has none changes nothing: "ok",
//! "67890" and "John" are in every language. Left out: any third language, which is answered in the one
//! that the conversation has, and region; amounts are shown as in the United States in both (`es-US`).

use serde::{Deserialize, Serialize};

/// A language that replies are written in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Language {
    /// English.
    #[default]
    #[serde(rename = "en")]
    English,
    /// Spanish.
    #[serde(rename = "es")]
    Spanish,
}

impl Language {
    /// Every language.
    pub const ALL: [Self; 2] = [Self::English, Self::Spanish];

    /// Its code (ISO 639-1).
    pub const fn code(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Spanish => "es",
        }
    }
}

/// Words of English that Spanish does not have. Sorted, without accents.
const ENGLISH: &[&str] = &[
    "about", "account", "and", "any", "are", "balance", "bill", "can", "card", "change", "do",
    "does", "for", "from", "give", "have", "hello", "help", "hey", "hi", "how", "i", "is", "it",
    "last", "lost", "make", "money", "month", "much", "my", "need", "of", "on", "pay", "please",
    "send", "show", "stolen", "thanks", "that", "the", "this", "to", "transfer", "want", "was",
    "what", "where", "which", "who", "with", "yes", "you", "your",
];
/// Words of Spanish that English does not have. Sorted, without accents.
const SPANISH: &[&str] = &[
    "acaban",
    "adios",
    "agente",
    "agosto",
    "agrega",
    "agua",
    "ahi",
    "ahora",
    "ahorros",
    "al",
    "algo",
    "alguien",
    "ambas",
    "ambos",
    "anade",
    "aqui",
    "aun",
    "avisame",
    "ayer",
    "ayuda",
    "ayudame",
    "banco",
    "beneficiario",
    "bien",
    "billetera",
    "bloquea",
    "bloquear",
    "bolso",
    "borra",
    "buenas",
    "buenos",
    "cada",
    "cajero",
    "cambia",
    "cambiar",
    "cancela",
    "cancelalo",
    "cancelar",
    "cargo",
    "cartera",
    "casi",
    "celular",
    "cien",
    "cincuenta",
    "claro",
    "como",
    "compre",
    "con",
    "congela",
    "congelar",
    "conmigo",
    "contigo",
    "correcto",
    "corriente",
    "cosa",
    "cual",
    "cuales",
    "cuando",
    "cuanta",
    "cuantas",
    "cuanto",
    "cuantos",
    "cuenta",
    "cuentas",
    "cuidado",
    "dame",
    "de",
    "dejame",
    "dejar",
    "del",
    "desbloquea",
    "descongela",
    "desde",
    "despues",
    "dia",
    "dias",
    "diez",
    "dime",
    "dinero",
    "disputar",
    "dolares",
    "domingo",
    "donde",
    "dos",
    "el",
    "elimina",
    "en",
    "enero",
    "ensena",
    "ensename",
    "envia",
    "enviar",
    "envies",
    "es",
    "eso",
    "esos",
    "esta",
    "este",
    "estoy",
    "extracto",
    "factura",
    "facturas",
    "fallecio",
    "favor",
    "febrero",
    "fue",
    "gastado",
    "gaste",
    "gasto",
    "gracias",
    "guarda",
    "habia",
    "hablar",
    "hablo",
    "hace",
    "hacer",
    "hacia",
    "hago",
    "han",
    "hasta",
    "haz",
    "hazme",
    "hecho",
    "hermana",
    "hermano",
    "hice",
    "hija",
    "hijo",
    "hipoteca",
    "hola",
    "horas",
    "hoy",
    "hubo",
    "ir",
    "jueves",
    "julio",
    "junio",
    "la",
    "las",
    "llega",
    "llego",
    "llegue",
    "los",
    "luego",
    "lugar",
    "lunes",
    "luz",
    "madre",
    "manana",
    "manda",
    "mandado",
    "mandale",
    "mandar",
    "mandarle",
    "mande",
    "mandes",
    "martes",
    "marzo",
    "mejor",
    "mensual",
    "mes",
    "meses",
    "mi",
    "miercoles",
    "mis",
    "mover",
    "movimientos",
    "mucho",
    "muestra",
    "muestrame",
    "mueve",
    "murio",
    "muy",
    "nada",
    "necesita",
    "necesitaba",
    "necesito",
    "ni",
    "ninguno",
    "noche",
    "nomina",
    "nueva",
    "nuevo",
    "numero",
    "olvide",
    "otra",
    "otro",
    "padre",
    "paga",
    "pagado",
    "pagala",
    "pagalo",
    "pagar",
    "pago",
    "pagos",
    "pague",
    "pagues",
    "para",
    "pasa",
    "pasado",
    "pasar",
    "perdi",
    "perdida",
    "perdido",
    "persona",
    "plata",
    "podria",
    "podrias",
    "poner",
    "pongas",
    "por",
    "porque",
    "pregunta",
    "prestamo",
    "primera",
    "primero",
    "proxima",
    "proximo",
    "puedes",
    "puedo",
    "pues",
    "que",
    "queda",
    "quede",
    "queria",
    "quien",
    "quiero",
    "quincena",
    "quisiera",
    "quita",
    "quitar",
    "recibo",
    "recibos",
    "reclamar",
    "reconozco",
    "regalo",
    "renta",
    "robada",
    "robado",
    "robar",
    "robaron",
    "sabado",
    "sabe",
    "saber",
    "sacar",
    "saldo",
    "salio",
    "seguimos",
    "segunda",
    "segundo",
    "semana",
    "semanas",
    "senor",
    "senora",
    "si",
    "siempre",
    "sigue",
    "siguiente",
    "sobre",
    "su",
    "sucursal",
    "sus",
    "tambien",
    "tarde",
    "tarjeta",
    "tarjetas",
    "telefono",
    "tener",
    "tengo",
    "tenia",
    "tiene",
    "tienen",
    "tienes",
    "tio",
    "todas",
    "todavia",
    "todos",
    "trabajo",
    "transacciones",
    "transferencia",
    "transferir",
    "transfiere",
    "tres",
    "tu",
    "ultimas",
    "ultimos",
    "un",
    "una",
    "unos",
    "usted",
    "ustedes",
    "vamos",
    "veces",
    "veinte",
    "vence",
    "ver",
    "vez",
    "viaje",
    "viajo",
    "viene",
    "viernes",
    "vivo",
    "voy",
    "vuelta",
    "y",
];

/// The language of a message; `None` when its words do not tell.
///
/// ```
/// use vostro_dialogue::language::{Language, detect};
/// assert_eq!(detect("¿Cuál es mi saldo?"), Some(Language::Spanish));
/// assert_eq!(detect("what is my balance"), Some(Language::English));
/// assert_eq!(detect("ok 67890"), None);
/// ```
pub fn detect(message: &str) -> Option<Language> {
    let (mut english, mut spanish) = (0_u32, 0_u32);
    let mut count = 0_u32;
    let words = message
        .split(|c: char| !c.is_alphabetic() && c != '\'')
        .filter(|word| !word.is_empty())
        .take(60);
    for word in words {
        let plain = plain(word);
        count += 1;
        english += u32::from(ENGLISH.binary_search(&plain.as_str()).is_ok());
        spanish += u32::from(SPANISH.binary_search(&plain.as_str()).is_ok());
    }
    // "Y" alone is short for yes.
    if count == 1 && spanish == 1 && message.trim().eq_ignore_ascii_case("y") {
        return None;
    }
    // Marks that only Spanish has.
    if message.contains(['¿', '¡', 'ñ', 'Ñ']) {
        spanish += 1;
    }
    match english.cmp(&spanish) {
        std::cmp::Ordering::Greater => Some(Language::English),
        std::cmp::Ordering::Less => Some(Language::Spanish),
        std::cmp::Ordering::Equal => None,
    }
}

/// In lower case, without accents.
fn plain(word: &str) -> String {
    use unicode_normalization::UnicodeNormalization;
    word.nfd()
        .filter(|c| !unicode_normalization::char::is_combining_mark(*c))
        .flat_map(char::to_lowercase)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_can_be_searched() {
        for list in [ENGLISH, SPANISH] {
            assert!(list.is_sorted(), "{list:?}");
        }
    }

    #[test]
    fn words_of_one_language_tell() {
        let cases = [
            ("¿Cuál es mi saldo?", Some(Language::Spanish)),
            ("hola", Some(Language::Spanish)),
            ("Transfiere 50 dólares a Anna", Some(Language::Spanish)),
            ("sí", Some(Language::Spanish)),
            ("si", Some(Language::Spanish)),
            ("Transfer $50 to account 67890", Some(Language::English)),
            ("yes please", Some(Language::English)),
            ("no", None),
            ("ok", None),
            ("John", None),
            ("", None),
            ("send 20 to mi amigo", Some(Language::English)),
        ];
        for (message, expected) in cases {
            assert_eq!(detect(message), expected, "{message}");
        }
    }
}
