/// RFC 9112 §5: field lines.
extension Row {
  static let fieldRows: [Row] = [
    fine("no space after the colon", "A:b\r\n"),
    fine("tabs and spaces around a value", "A:\t b \t\r\n"),
    fine("an empty value", "A:\r\n"),
    fine("a value of spaces", "A:   \r\n"),
    fine("a name of every token character", "!#$%&'*+-.^_`|~09azAZ: b\r\n"),
    fine("every visible character in a value", "A: !\"#$%&'()*+,-./:;<=>?@[\\]^_`|~\r\n"),
    fine("a colon in a value", "A: b: c\r\n"),
    fine("the same name twice", "A: b\r\nA: c\r\n"),
    Row(
      "field: names are case-insensitive",
      .rfc9110("5.1", "field names are case-insensitive"),
      .must,
      get(lines: "iF-nOnE-mAtCh: {etag}\r\n").gives(.status(304))
    ),
    Row(
      "field: bytes above ASCII are opaque",
      .rfc9110("5.5", "SHOULD treat other octets as opaque"),
      .should,
      get(lines: "A: {hex:C3A9FF80}\r\n").gives(.whole("plain.txt"))
    ),
    Row(
      "field: spaces around a value do not belong to it",
      .rfc9112("5.1", "a parser excludes the whitespace around the value"),
      .must,
      get(lines: "If-None-Match: \t {etag} \t \r\n").gives(.status(304))
    ),
    Row(
      "field: a space before the colon",
      .rfc9112("5.1", "MUST respond 400 to whitespace between name and colon"),
      .must,
      get(lines: "A : b\r\n").gives(.status(400))
    ),
    Row(
      "field: a tab before the colon",
      .rfc9112("5.1", "MUST respond 400 to whitespace between name and colon"),
      .must,
      get(lines: "A\t: b\r\n").gives(.status(400))
    ),
    Row(
      "field: a space before the colon of Content-Length",
      .rfc9112("5.1", "MUST respond 400 to whitespace between name and colon"),
      .must,
      get(lines: "Content-Length : 5\r\n").gives(.status(400))
    ),
    Row(
      "field: a folded line is refused or unfolded",
      .rfc9112("5.2", "MUST reject obs-fold with 400 or replace it by spaces"),
      .must,
      get(lines: "A: b\r\n c\r\n").gives(.either([.status(400), .whole("plain.txt")]))
    ),
    Row(
      "field: a folded Transfer-Encoding is no hiding place",
      .rfc9112("5.2", "MUST reject obs-fold with 400 or replace it by spaces"),
      .must,
      get(lines: "Transfer-Encoding:\r\n gzip\r\n").gives(.status(400, 501))
    ),
    Row(
      "field: NUL in a value is refused or replaced",
      .rfc9110("5.5", "MUST reject NUL or replace it by SP"),
      .must,
      get(lines: "A: b{hex:00}c\r\n").gives(.either([.status(400), .whole("plain.txt")]))
    ),
    refused("a folded line", "A: b\r\n c\r\n"),
    refused("a line folded with a tab", "A: b\r\n\tc\r\n"),
    refused("a fold of nothing", "A: b\r\n \r\n"),
    refused("NUL in a value", "A: b{hex:00}c\r\n"),
    refused("NUL in a name", "A{hex:00}: b\r\n"),
    refused("no colon", "A\r\n"),
    refused("no name", ": b\r\n"),
    refused("a space in a name", "A B: c\r\n"),
    refused("a bracket in a name", "A(B): c\r\n"),
    refused("a quote in a name", "\"A\": c\r\n"),
    refused("a byte above ASCII in a name", "{hex:C3A9}: c\r\n"),
    refused("a control character in a name", "A{hex:01}: c\r\n"),
    refused("LF alone after a line", "A: b\nC: d\r\n"),
  ]

  private static func fine(_ name: String, _ lines: String) -> Row {
    Row(
      "field: \(name)",
      .rfc9112("5", "field-line = field-name : OWS field-value OWS"),
      .must,
      get(lines: lines).gives(.whole("plain.txt"))
    )
  }

  private static func refused(_ name: String, _ lines: String) -> Row {
    Row(
      "field refused: \(name)",
      .rfc9112("5", "field-line = field-name : OWS field-value OWS"),
      .promise,
      get(lines: lines).gives(.status(400)),
      ending: .closed
    )
  }
}
