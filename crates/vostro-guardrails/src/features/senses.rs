//! What a word is about, for the classifiers: "discard", "olvida" and "vergiss" all want something
//! dropped, "rules" and "prompt" are both what a model was told.
//!
//! Pairs and triples of senses close together are features of their own, so that an order learnt in one
//! wording is seen in another. Words are in their folded form: lower case, no accents. A word has one
//! sense at most; most words have none. Other languages are in `concepts.txt`, but for what is used below.

use std::collections::BTreeMap;

const SENSES: [&str; 20] = [
    // Drop it.
    "ignore ignoring ignores ignored disregard disregarding forget forgetting discard abandon override overriding overwrite overrule skip bypass \
     bypassing neglect erase scrap suspend void dismiss cancel undo omit disobey violate ditch overlook disable disabled deactivate ignora ignorez \
     ignorar ignori ignoriere ignorieren ignoreer olvida olvide olvidate oublie oubliez vergiss vergessen missachte dimentica esqueca desconsidere \
     negeer vergeet zignoruj zapomnij pomin ignorera glom unut забудь игнорируй забудьте игнорируйте",
    // What a model was told.
    "instructions instruction rules rule guidelines guideline directives directive commands prompt prompts policies constraints restrictions \
     restriction programming guidance orders safeguards filters filter protocols boundaries limitations guardrails preprompt configuration \
     instrucciones reglas directrices indicaciones instrucoes regras diretrizes istruzioni regole direttive consignes regles directives \
     anweisungen regeln vorgaben richtlinien instructies regels richtlijnen instrukcje zasady polecenia instruktioner talimatlari инструкции правила",
    // Said before.
    "previous prior above earlier preceding initial original before former existing past foregoing aforementioned previously beginning anteriores \
     anterior previas precedentes precedenti precedente vorherigen bisherigen obigen vorige eerdere poprzednie wczesniejsze предыдущие",
    // Show it.
    "show print repeat tell reveal revealing display output recite paste copy quote summarize summarise translate share list echo leak disclose \
     dump give expose spell muestra muestrame dime revela repite montre dis donne affiche zeige zeig sag nenne gib verrate mostra mostrami dimmi \
     mostre diga toon vertel pokaz podaj powiedz da dia покажи скажи",
    // Kept from people.
    "system hidden internal confidential undisclosed sistema systeme systemprompt secreta secretes geheimen versteckten nascoste ocultas verborgen \
     ukryte системный",
    // A secret.
    "password passwords secret secrets key keys passphrase token flag credentials passcode contrasena clave senha passwort schlussel wachtwoord haslo \
     parola chiave пароль",
    // Whom it is said to.
    "you your yours yourself youre ur tu tus tes toi vous du dein deine deinen jij je jouw twoj twoje swoje voce seu sua",
    // Be somebody else.
    "pretend act acting roleplay simulate simulating impersonate become persona character dan role emulate behave embody actua finge agis tu-es fingi \
     finja spiele doe udawaj",
    // With no limits.
    "unrestricted unfiltered uncensored amoral unethical jailbreak jailbroken limitless lawless rogue evil unlimited unbound immoral unaligned \
     uncensor freed sinister malicious",
    // Not.
    "no not never dont without cannot cant wont neither nor nothing none",
    // A machine.
    "ai assistant chatbot bot llm gpt chatgpt model models ais robot agent openai ki ia",
    // Saying no, or warning.
    "refuse refusing refusal decline apologize apologise apologies sorry warn warning warnings disclaimer disclaimers moral morals ethics ethical \
     lecture censor censorship illegal guilt conscience",
    // Has to.
    "must obey comply follow obeying following adhere shall",
    // From this point on.
    "now instead henceforth onwards ahora maintenant jetzt ab adesso agora nu teraz",
    // All of it.
    "all any every everything anything whatever whole entire todas todo toutes tout alle alles tutte tutto wszystkie alla все",
    // Only so.
    "only just exactly verbatim except solely literally word",
    // In disguise.
    "base64 rot13 hex morse decode decoded encode encoded cipher backwards reversed acrostic ascii binary concatenate",
    // Harm.
    "kill bomb bombs weapon weapons hack hacking drugs drug steal stealing launder poison murder explosive explosives virus malware meth suicide forge \
     blackmail phishing crime criminal napalm cocaine",
    // Not for real.
    "hypothetical hypothetically fictional fiction imagine imaginary suppose novel story scenario scene screenplay game virtual",
    // In charge.
    "developer admin administrator creator owner authorized authorised clearance supervisor root sudo override-code entwickler desarrollador \
     sviluppatore developpeur",
];

/// Words in folded form with their senses, 1 and up: those above, and what `concepts` has as their like in
/// other languages.
pub(super) fn words(concepts: &[(&str, Vec<String>)]) -> Vec<(String, u8)> {
    let mut words: BTreeMap<&str, u8> = BTreeMap::new();
    for (sense, list) in (1u8..).zip(SENSES) {
        words.extend(list.split_whitespace().map(|word| (word, sense)));
    }
    let mut all: BTreeMap<String, u8> = BTreeMap::new();
    for (english, others) in concepts {
        if let Some(sense) = words.get(english) {
            all.extend(others.iter().map(|word| (word.clone(), *sense)));
        }
    }
    all.extend(
        words
            .iter()
            .map(|(word, sense)| ((*word).to_owned(), *sense)),
    );
    all.into_iter().collect()
}

/// The last words that had a sense, the nearest first, with their number in the text.
#[derive(Default)]
pub(super) struct Recent([(u8, usize); 3]);

impl Recent {
    /// Notes a word with a sense and gives the features that it makes with those before it.
    pub(super) fn note(&mut self, sense: u8, at: usize, mut put: impl FnMut(u64)) {
        const FAR: usize = 10;
        let base = 0x005e_45e5_u64 << 32 | u64::from(sense);
        put(base);
        let near = self.0.iter().filter(|(s, i)| *s > 0 && at - i <= FAR);
        let mut chain = base;
        for (rank, (before, i)) in (1u64..).zip(near) {
            let gap = match at - i {
                1 => 1u64,
                2 => 2,
                3..=4 => 3,
                _ => 4,
            };
            put(base ^ u64::from(*before) << 8 ^ 1 << 24);
            put(base ^ u64::from(*before) << 8 ^ gap << 16 ^ 1 << 24);
            chain ^= u64::from(*before) << (8 * rank);
            if rank > 1 {
                put(chain ^ 1 << 28);
            }
        }
        self.0.rotate_right(1);
        self.0[0] = (sense, at);
    }
}
