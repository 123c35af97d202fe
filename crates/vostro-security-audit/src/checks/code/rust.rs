//! Rust by its syntax tree: unsafe code, panics, and the patterns, all outside tests.

use std::ops::RangeInclusive;

use proc_macro2::{TokenStream, TokenTree};
use syn::spanned::Spanned as _;
use syn::visit::{self, Visit};
use syn::{
    Attribute, ExprMethodCall, ExprUnsafe, ImplItemFn, Item, ItemFn, ItemImpl, ItemMod, Macro,
};

use super::{Seen, patterns};

const PANICS: [&str; 4] = ["panic", "unreachable", "todo", "unimplemented"];
const UNWRAPS: [&str; 3] = ["unwrap", "expect", "unwrap_err"];

/// What is wrong with a Rust file. Panics count when it serves requests.
pub(super) fn breaches(text: &str, serves: bool) -> Vec<Seen> {
    let Ok(file) = syn::parse_file(text) else {
        return vec![("COD-016", 0, "no Rust that can be read".to_owned())];
    };
    let mut walk = Walk {
        lines: text.lines().collect(),
        serves,
        allowed: 0,
        tests: Vec::new(),
        seen: Vec::new(),
    };
    if is_for_tests(&file.attrs) {
        return Vec::new();
    }
    walk.allowed += usize::from(allows_panics(&file.attrs));
    walk.visit_file(&file);
    let (mut seen, tests) = (walk.seen, walk.tests);
    seen.extend(patterns::breaches("a.rs", text, &tests));
    seen
}

struct Walk<'a> {
    lines: Vec<&'a str>,
    serves: bool,
    /// How deep in items whose author wrote down why a panic is allowed there.
    allowed: usize,
    /// Lines of tests, from 0.
    tests: Vec<RangeInclusive<usize>>,
    seen: Vec<Seen>,
}

impl Walk<'_> {
    fn panics(&mut self, line: usize, what: &str) {
        if self.serves && self.allowed == 0 {
            self.seen
                .push(("COD-004", line.saturating_sub(1), format!("`{what}`")));
        }
    }

    fn is_unsafe(&mut self, line: usize, what: &str) {
        let index = line.saturating_sub(1);
        let above = self.lines.get(..index).unwrap_or_default().iter().rev();
        let comments = above.take_while(|line| {
            let line = line.trim_start();
            line.starts_with("//") || line.starts_with("#[")
        });
        let reason = |line: &&str| line.contains("SAFETY:") || line.contains("# Safety");
        let own = self.lines.get(index).is_some_and(reason);
        let reasoned = own || comments.into_iter().any(reason);
        let rule = if reasoned { "COD-003" } else { "COD-002" };
        self.seen.push((rule, index, format!("`{what}`")));
    }

    /// Looks into a macro's arguments, which are no syntax tree.
    fn tokens(&mut self, tokens: TokenStream) {
        let mut before: [Option<TokenTree>; 2] = [None, None];
        for token in tokens {
            match (&before, &token) {
                (
                    [Some(TokenTree::Punct(dot)), Some(TokenTree::Ident(name))],
                    TokenTree::Group(_),
                ) if dot.as_char() == '.' && UNWRAPS.contains(&name.to_string().as_str()) => {
                    self.panics(name.span().start().line, &format!(".{name}()"));
                }
                (
                    [Some(TokenTree::Ident(name)), Some(TokenTree::Punct(mark))],
                    TokenTree::Group(_),
                ) if mark.as_char() == '!' && PANICS.contains(&name.to_string().as_str()) => {
                    self.panics(name.span().start().line, &format!("{name}!"));
                }
                _ => {}
            }
            if let TokenTree::Group(group) = &token {
                self.tokens(group.stream());
            }
            let [_, last] = before;
            before = [last, Some(token)];
        }
    }

    /// Walks an item unless it is a test; `walk` goes into it.
    fn item(&mut self, attrs: &[Attribute], span: proc_macro2::Span, walk: impl FnOnce(&mut Self)) {
        if is_for_tests(attrs) {
            let lines = span.start().line.saturating_sub(1)..=span.end().line.saturating_sub(1);
            self.tests.push(lines);
            return;
        }
        let allows = usize::from(allows_panics(attrs));
        self.allowed += allows;
        walk(self);
        self.allowed -= allows;
    }
}

impl<'ast> Visit<'ast> for Walk<'_> {
    fn visit_item_mod(&mut self, item: &'ast ItemMod) {
        self.item(&item.attrs, item.span(), |walk| {
            visit::visit_item_mod(walk, item);
        });
    }

    fn visit_item_fn(&mut self, item: &'ast ItemFn) {
        if let Some(word) = &item.sig.unsafety
            && !is_for_tests(&item.attrs)
        {
            self.is_unsafe(word.span().start().line, "unsafe fn");
        }
        self.item(&item.attrs, item.span(), |walk| {
            visit::visit_item_fn(walk, item);
        });
    }

    fn visit_item_impl(&mut self, item: &'ast ItemImpl) {
        if let Some(word) = &item.unsafety {
            self.is_unsafe(word.span().start().line, "unsafe impl");
        }
        self.item(&item.attrs, item.span(), |walk| {
            visit::visit_item_impl(walk, item);
        });
    }

    fn visit_impl_item_fn(&mut self, item: &'ast ImplItemFn) {
        if let Some(word) = &item.sig.unsafety {
            self.is_unsafe(word.span().start().line, "unsafe fn");
        }
        self.item(&item.attrs, item.span(), |walk| {
            visit::visit_impl_item_fn(walk, item);
        });
    }

    fn visit_item(&mut self, item: &'ast Item) {
        let attrs = match item {
            Item::Const(item) => &item.attrs,
            Item::Static(item) => &item.attrs,
            Item::Use(item) => &item.attrs,
            Item::Struct(item) => &item.attrs,
            Item::Enum(item) => &item.attrs,
            Item::Trait(item) => &item.attrs,
            Item::Macro(item) => &item.attrs,
            _ => return visit::visit_item(self, item),
        };
        self.item(attrs, item.span(), |walk| visit::visit_item(walk, item));
    }

    fn visit_expr_unsafe(&mut self, block: &'ast ExprUnsafe) {
        self.is_unsafe(block.unsafe_token.span.start().line, "unsafe { … }");
        visit::visit_expr_unsafe(self, block);
    }

    fn visit_expr_method_call(&mut self, call: &'ast ExprMethodCall) {
        let name = call.method.to_string();
        if UNWRAPS.contains(&name.as_str()) {
            self.panics(call.method.span().start().line, &format!(".{name}()"));
        }
        visit::visit_expr_method_call(self, call);
    }

    fn visit_macro(&mut self, call: &'ast Macro) {
        if let Some(last) = call.path.segments.last() {
            let name = last.ident.to_string();
            if PANICS.contains(&name.as_str()) {
                self.panics(last.ident.span().start().line, &format!("{name}!"));
            }
        }
        self.tokens(call.tokens.clone());
    }
}

/// `#[test]`, `#[tokio::test]`, `#[cfg(test)]`, and attributes that hold one of these.
fn is_for_tests(attrs: &[Attribute]) -> bool {
    attrs.iter().any(|attr| {
        let last = attr.path().segments.last().map(|it| it.ident.to_string());
        let words = match &attr.meta {
            syn::Meta::List(inner) => inner.tokens.to_string(),
            _ => String::new(),
        };
        match last.as_deref() {
            Some("test") => true,
            Some("cfg") => {
                words
                    .split(|c: char| !c.is_alphanumeric())
                    .any(|word| word == "test")
                    && !words.contains("not")
            }
            _ => false,
        }
    })
}

/// `#[expect(clippy::unwrap_used, reason = "…")]` and its kin, with a reason.
fn allows_panics(attrs: &[Attribute]) -> bool {
    attrs.iter().any(|attr| {
        let allowing = attr.path().is_ident("allow") || attr.path().is_ident("expect");
        let text = match &attr.meta {
            syn::Meta::List(inner) => inner.tokens.to_string(),
            _ => String::new(),
        };
        let lint = ["unwrap_used", "expect_used", "panic", "unreachable"]
            .iter()
            .any(|lint| text.contains(lint));
        allowing && lint && text.contains("reason")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules(text: &str) -> Vec<(&'static str, usize)> {
        breaches(text, true)
            .into_iter()
            .map(|(rule, line, _)| (rule, line))
            .collect()
    }

    #[test]
    fn panics_are_found_wherever_they_hide_and_not_in_tests() {
        let cases: [(&str, &[(&str, usize)]); 10] = [
            ("fn f() {\n a.unwrap();\n}", &[("COD-004", 1)]),
            (
                "fn f() {\n format!(\"{}\", g(a.expect(\"x\")));\n}",
                &[("COD-004", 1)],
            ),
            ("fn f() { vec![panic!(\"x\")]; }", &[("COD-004", 0)]),
            (
                "impl A { fn f(&self) { unreachable!() } }",
                &[("COD-004", 0)],
            ),
            ("fn f() { a.unwrap_or(1); a.expected(); }", &[]),
            ("#[cfg(test)]\nmod tests { fn f() { a.unwrap(); } }", &[]),
            ("#[tokio::test]\nasync fn f() { a.unwrap(); }", &[]),
            (
                "#[cfg(not(test))]\nfn f() { a.unwrap(); }",
                &[("COD-004", 1)],
            ),
            (
                "#[expect(clippy::unwrap_used, reason = \"x\")]\nfn f() { a.unwrap(); }",
                &[],
            ),
            (
                "#[allow(clippy::unwrap_used)]\nfn f() { a.unwrap(); }",
                &[("COD-004", 1)],
            ),
        ];
        for (text, expected) in cases {
            assert_eq!(rules(text), expected, "{text}");
        }
    }

    #[test]
    fn unsafe_code_wants_a_reason() {
        let cases: [(&str, &[(&str, usize)]); 5] = [
            ("fn f() {\n unsafe { g() }\n}", &[("COD-002", 1)]),
            (
                "fn f() {\n // SAFETY: g holds.\n unsafe { g() }\n}",
                &[("COD-003", 2)],
            ),
            (
                "/// # Safety\n/// x\npub unsafe fn f() {}",
                &[("COD-003", 2)],
            ),
            ("unsafe impl Send for A {}", &[("COD-002", 0)]),
            ("fn unsafe_name() {}", &[]),
        ];
        for (text, expected) in cases {
            assert_eq!(rules(text), expected, "{text}");
        }
        assert_eq!(rules("fn f( {"), [("COD-016", 0)]);
    }
}
