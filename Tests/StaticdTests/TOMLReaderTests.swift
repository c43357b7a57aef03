import Testing

@testable import staticd

/// Documents of TOML 1.0.0, by the sections of its specification.
@Suite struct TOMLReaderTests {
  /// A value as text: `{a:1,b:[x,2]}`, with keys in alphabetical order.
  private func text(_ value: TOMLValue) -> String {
    switch value {
    case .text(let text): return text
    case .number(let number): return "\(number)"
    case .fraction: return "fraction"
    case .boolean(let isTrue): return "\(isTrue)"
    case .time: return "time"
    case .array(let elements): return "[" + elements.map(text).joined(separator: ",") + "]"
    case .table(let table):
      let entries = table.entries.sorted { $0.key < $1.key }
      return "{" + entries.map { "\($0.key):\(text($0.value.value))" }.joined(separator: ",") + "}"
    }
  }

  @Test(
    "valid documents and their values",
    arguments: [
      ("", "{}"), ("\n# é\t\r\n \t\n", "{}"), ("\u{FEFF}a = 1", "{a:1}"),
      // Keys
      ("a=1\r\n-_9 = 2", "{-_9:2,a:1}"), ("'' = 1\n\"a b\" = 2", "{:1,a b:2}"),
      ("3.14 = 1", "{3:{14:1}}"), ("a . 'b.c' . \"\\u00e9\" = 1", "{a:{b.c:{é:1}}}"),
      ("a.b = 1\nc = 2\na.d = 3", "{a:{b:1,d:3},c:2}"),
      // Strings
      ("a = \"\\b\\t\\n\\f\\r\\\"\\\\\\u0041\\U0001F600\"", "{a:\u{8}\t\n\u{C}\r\"\\A😀}"),
      ("a = 'C:\\n'", "{a:C:\\n}"), ("a = \"\"\nb = ''", "{a:,b:}"),
      ("a = \"\"\"\nx\r\n \"\"y\"\"\"\"\"", "{a:x\n \"\"y\"\"}"),
      ("a = \"\"\"x \\ \t\n\n  y\\\n\"\"\"", "{a:x y}"),
      ("a = '''\nit's \\n'''''", "{a:it's \\n''}"),
      // Numbers
      ("a = +0\nb = -17\nc = 1_000", "{a:0,b:-17,c:1000}"),
      ("a = 0xDEAD_beef\nb = 0o755\nc = 0b1_0", "{a:3735928559,b:493,c:2}"),
      (
        "a = 9223372036854775807\nb = -9223372036854775808",
        "{a:9223372036854775807,b:-9223372036854775808}"
      ),
      (
        "a = [1.0, -0.0, 5e+22, 6.6E-34, 1_0.0_1, inf, -nan]",
        "{a:[" + Array(repeating: "fraction", count: 7).joined(separator: ",") + "]}"
      ),
      ("a = [true, false]", "{a:[true,false]}"),
      // Times
      (
        "a = [1979-05-27T07:32:00Z, 1979-05-27 00:32:00.9-07:00, 1979-05-27t00:32:00, 2000-02-29]",
        "{a:[time,time,time,time]}"
      ),
      ("a = 07:32:00.1\nb = 1", "{a:time,b:1}"), ("a = 1979-05-27 # day", "{a:time}"),
      // Arrays and inline tables
      ("a = [ 1, 'x', # one\n [2,],\n]", "{a:[1,x,[2]]}"), ("a = []\nb = {}", "{a:[],b:{}}"),
      ("a = { b.c = 1, d = {e = [2]} }", "{a:{b:{c:1},d:{e:[2]}}}"),
      // Tables
      ("[ a . b ]\nc = 1\n[a]\nd = 2", "{a:{b:{c:1},d:2}}"),
      ("[a]\n[a.b.c]\n[a.b]", "{a:{b:{c:{}}}}"),
      ("[a]\nb.c = 1\n[a.b.d]", "{a:{b:{c:1,d:{}}}}"),
      ("[[a]]\nb = 1\n[[a]]\n[a.c]\n[[a.d]]\n[[a.d]]", "{a:[{b:1},{c:{},d:[{},{}]}]}"),
    ]
  )
  func reads(document: String, expected: String) throws {
    #expect(text(.table(try TOMLReader.read(document))) == expected)
  }

  @Test(
    "invalid documents, and the line of the error",
    arguments: [
      ("a", 1), ("= 1", 1), ("a = ", 1), ("\na = 1 b = 2", 2), ("a = 1\n\n\"b = 1", 3),
      ("a..b = 1", 1),
      ("a = 1\ra", 1), ("# \u{0}", 1), ("# \u{7F}", 1), ("é = 1", 1), ("\"\"\"a\"\"\" = 1", 1),
      // Strings
      ("a = \"x\ny\"", 1), ("a = \"\\x\"", 1), ("a = \"\\uD800\"", 1), ("a = \"\\U00110000\"", 1),
      ("a = \"\\u12\"", 1), ("a = '\u{1}'", 1), ("a = \"\"\"\nx\"\"", 2), ("a = '''x''''''", 1),
      ("a = \"\"\"x\\ y\"\"\"", 1),
      // Numbers
      ("a = 01", 1), ("a = 1__0", 1), ("a = _1", 1), ("a = 1_", 1), ("a = +0x1", 1), ("a = 0x", 1),
      ("a = 0o8", 1), ("a = 9223372036854775808", 1), ("a = -9223372036854775809", 1),
      ("a = 1.", 1), ("a = .5", 1), ("a = 1e", 1), ("a = 03.5", 1), ("a = 1._5", 1), ("a = Inf", 1),
      ("a = yes", 1), ("a = True", 1),
      // Times
      ("a = 1979-02-29", 1), ("a = 1979-13-01", 1), ("a = 1900-02-29", 1), ("a = 24:00:00", 1),
      ("a = 07:32", 1), ("a = 1979-05-27T", 1), ("a = 1979-05-27T07:32:00+7:00", 1),
      ("a = 07:32:00.", 1), ("a = 07:32:00Z", 1),
      // Arrays and inline tables
      ("a = [\n1 2]", 2), ("a = [,]", 1), ("a = [1", 1), ("a = {b = 1,}", 1), ("a = {b = 1\n}", 1),
      ("a = {b = 1, b = 2}", 1), ("a = {b}", 1),
      // Redefinitions
      ("a = 1\na = 2", 2), ("a = 1\n[a]", 2), ("[a]\n\n[a]", 3), ("a = 1\na.b = 2", 2),
      ("a = {}\na.b = 1", 2), ("a = {}\n[a.b]", 2), ("a = [{}]\n[[a]]", 2), ("a = [{}]\n[a.b]", 2),
      ("[a]\nb.c = 1\n[a.b]", 3), ("[a.b]\n[a]\nb.c = 1", 3), ("[[a]]\n[a]", 2), ("[a]\n[[a]]", 2),
      ("[a.b]\n[[a]]", 2), ("a.b = {}\na.b.c = 1", 2), ("a = {b.c = 1, b = 2}", 1),
      ("[a", 1), ("[a]b", 1), ("[[a]", 1), ("[ [a]]", 1), ("[]", 1), ("[a.]", 1),
    ]
  )
  func refuses(document: String, line: Int) {
    let error = #expect(throws: TOMLError.self) { _ = try TOMLReader.read(document) }
    #expect(error?.line == line)
  }

  @Test("unlimited nesting is refused")
  func nesting() {
    for (open, close) in [("[", "]"), ("{a=", "}")] {
      let deep = "a = " + String(repeating: open, count: 100_000)
      #expect(throws: TOMLError.self) { _ = try TOMLReader.read(deep) }
      let fair =
        "a = " + String(repeating: open, count: 99) + "1" + String(repeating: close, count: 99)
      #expect(throws: Never.self) { _ = try TOMLReader.read(fair) }
    }
  }

  @Test("unlimited key parts are refused")
  func parts() {
    let key = String(repeating: "a.", count: 100_000) + "a"
    for document in ["\(key) = 1", "[\(key)]", "[[\(key)]]"] {
      #expect(throws: TOMLError.self) { _ = try TOMLReader.read(document) }
    }
  }

  @Test("the line of each key")
  func lines() throws {
    let document = try TOMLReader.read("a = '''\n\n'''\nb = [\n1]\n\n[c]\nd.e = 1\nd.f = 2")
    let table = try #require(document.table("c"))
    #expect(document.entries.mapValues(\.line) == ["a": 1, "b": 4, "c": 7])
    #expect(table.entries.mapValues(\.line) == ["d": 8])
    #expect(table.table("d")?.entries.mapValues(\.line) == ["e": 8, "f": 9])
  }
}
