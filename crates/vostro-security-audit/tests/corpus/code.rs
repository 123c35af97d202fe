//! Planted faults: what sources do.

use crate::world::Fault;

pub(crate) fn faults() -> Vec<Fault> {
    let rust =
        |rule, line, text: &str| Fault::at(rule, "src/a.rs", line, &format!("//! A.\n{text}\n"));
    let python =
        |rule, text: &str| Fault::at(rule, "a.py", 2, &format!("\"\"\"A.\"\"\"\n{text}\n"));
    let script = |rule, text: &str| Fault::at(rule, "web/a.ts", 2, &format!("// A.\n{text}\n"));
    let shell =
        |rule, text: &str| Fault::at(rule, "scripts/a.sh", 2, &format!("#!/bin/sh\n{text}\n"));
    vec![
        rust("COD-002", 3, "pub fn f() {\n    unsafe { g() }\n}"),
        rust("COD-002", 2, "unsafe impl Send for A {}"),
        rust(
            "COD-003",
            3,
            "// SAFETY: A is plain data.\nunsafe impl Send for A {}",
        ),
        rust("COD-004", 2, "pub fn f(a: Option<u8>) -> u8 { a.unwrap() }"),
        rust("COD-004", 3, "pub fn f(a: u8) {\n    panic!(\"later\")\n}"),
        rust(
            "COD-004",
            2,
            "pub fn f(a: Option<u8>) -> String { format!(\"{}\", a.expect(\"some\")) }",
        ),
        rust(
            "COD-005",
            2,
            "fn f(n: &str) { Command::new(\"sh\").arg(\"-c\").arg(format!(\"ls {n}\")); }",
        ),
        rust(
            "COD-006",
            2,
            "fn f(n: &str) { db.execute(&format!(\"DELETE FROM a WHERE n = '{n}'\")); }",
        ),
        rust(
            "COD-007",
            2,
            "fn f() { Client::builder().danger_accept_invalid_certs(true); }",
        ),
        rust("COD-008", 2, "fn f(b: &[u8]) { Md5::digest(b); }"),
        rust("COD-016", 1, "pub fn f( {"),
        python("COD-005", "os.system('ls ' + name)"),
        python("COD-005", "subprocess.run(f'ls {name}', shell=True)"),
        python(
            "COD-006",
            "cursor.execute(f\"SELECT * FROM a WHERE n = '{n}'\")",
        ),
        python("COD-007", "requests.get(url, verify=False)"),
        python("COD-008", "digest = hashlib.md5(data)"),
        python("COD-009", "value = eval(text)"),
        python("COD-010", "thing = pickle.loads(data)"),
        python("COD-010", "thing = yaml.load(text)"),
        python("COD-012", "app.run(host='127.0.0.1', debug=True)"),
        python("COD-013", "name = tempfile.mktemp()"),
        python(
            "COD-014",
            "reset_token = ''.join(random.choice(letters) for _ in range(20))",
        ),
        script("COD-005", "exec(`ls ${name}`);"),
        script("COD-006", "db.query(`SELECT * FROM a WHERE n = '${n}'`);"),
        script(
            "COD-007",
            "const agent = new Agent({ rejectUnauthorized: false });",
        ),
        script("COD-008", "createHash('md5');"),
        script("COD-009", "const f = new Function(text);"),
        script("COD-011", "at.innerHTML = text;"),
        script("COD-014", "const sessionId = Math.random().toString(36);"),
        shell("COD-007", "curl --insecure https://a.example/"),
        shell("COD-009", "eval \"$1\""),
        shell("COD-013", "date > /tmp/vostro-now"),
    ]
}
