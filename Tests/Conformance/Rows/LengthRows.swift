/// RFC 9112 §6.2 and §6.3, RFC 9110 §8.6: Content-Length of a request.
extension Row {
  static let lengthRows: [Row] = [
    Row(
      "length: none means no content",
      .rfc9112("6.3", "a request without either field has no content"),
      .must,
      get("plain.txt").gives(.whole("plain.txt")),
      get("one.bin").gives(.whole("one.bin")),
      sending: .pipelined
    ),
    Row(
      "length: 0 means no content",
      .rfc9112("6.3", "a valid Content-Length defines the length"),
      .must,
      get("plain.txt", "Content-Length: 0").gives(.whole("plain.txt")),
      get("one.bin").mayGive(.whole("one.bin")),
      sending: .pipelined
    ),
    Row(
      "length: 0 keeps the connection open",
      .rfc9112("9.3", "SHOULD support persistent connections"),
      .should,
      get("plain.txt", "Content-Length: 0").gives(.whole("plain.txt")),
      ending: .open
    ),
    Row(
      "length: content is skipped or the connection closed",
      .rfc9112("6.3", "a valid Content-Length defines the length"),
      .must,
      request("POST", "plain.txt", content: "GET /").gives(
        .status(400, 403, 404, 405, 413, 501)
      ),
      get("one.bin").mayGive(.whole("one.bin")),
      sending: .pipelined
    ),
    Row(
      "length: content is dropped and the connection goes on",
      .rfc9112("9.3", "a server that reads the whole content may go on"),
      .promise,
      raw(
        "POST {prefix}plain.txt HTTP/1.1\r\nHost: {host}\r\nContent-Length: 6\r\n\r\nGET",
        " / "
      ).gives(.status(405)),
      get("one.bin").gives(.whole("one.bin")),
      sending: .pipelined,
      ending: .open
    ),
    Row(
      "length: content in pieces",
      .rfc9112("6.3", "a valid Content-Length defines the length"),
      .must,
      raw(
        "POST {prefix}plain.txt HTTP/1.1\r\nHost: {host}\r\nContent-Length: 6\r\n\r\nabc",
        "def"
      ).gives(.status(400, 403, 404, 405, 413, 501))
    ),
    Row(
      "length: a request is not answered twice",
      .rfc9112("6.3", "content is no request"),
      .must,
      request(
        "POST",
        "none",
        content: "GET / HTTP/1.0\r\n\r\n"
      ).gives(.statuses(Array(400..<600)))
    ),
    invalid("two that differ", "Content-Length: 3\r\nContent-Length: 4\r\n"),
    invalid("a list of two that differ", "Content-Length: 3, 4\r\n"),
    invalid("a sign", "Content-Length: +3\r\n"),
    invalid("below zero", "Content-Length: -3\r\n"),
    invalid("hexadecimal", "Content-Length: 0x3\r\n"),
    invalid("letters", "Content-Length: abc\r\n"),
    invalid("a space inside", "Content-Length: 3 3\r\n"),
    invalid("a decimal point", "Content-Length: 3.0\r\n"),
    invalid("a semicolon", "Content-Length: 3;a=b\r\n"),
    invalid("quotes", "Content-Length: \"3\"\r\n"),
    invalid("nothing", "Content-Length:\r\n"),
    invalid("an empty member", "Content-Length: ,3\r\n"),
    Row(
      "length: beyond 64 bits",
      .rfc9110("8.6", "MUST anticipate large numerals and prevent overflow"),
      .must,
      get(lines: "Content-Length: 18446744073709551619\r\n").gives(.status(400, 413)),
      ending: .closed
    ),
    Row(
      "length: two that are equal are refused or one",
      .rfc9112("6.3", "equal values MAY be replaced by one"),
      .must,
      raw(
        "GET {prefix}plain.txt HTTP/1.1\r\nHost: {host}\r\n"
          + "Content-Length: 3\r\nContent-Length: 3\r\n\r\nabc"
      ).gives(.either([.status(400, 413), .whole("plain.txt")]))
    ),
    Row(
      "length: two that are equal are refused",
      .rfc9110("8.6", "MUST reject equal values or replace them by one"),
      .promise,
      get(lines: "Content-Length: 3\r\nContent-Length: 3\r\n").gives(.status(400)),
      ending: .closed
    ),
    Row(
      "length: a list of equal values is refused",
      .rfc9110("8.6", "MUST reject equal values or replace them by one"),
      .promise,
      get(lines: "Content-Length: 3, 3\r\n").gives(.status(400)),
      ending: .closed
    ),
    Row(
      "length: of another field's name is none",
      .rfc9110("5.1", "a field is what its name says"),
      .must,
      get(lines: "Content-Length-X: 5\r\nX-Content-Length: 5\r\n").gives(.whole("plain.txt")),
      ending: .any
    ),
  ]

  private static func invalid(_ name: String, _ lines: String) -> Row {
    Row(
      "length: \(name)",
      .rfc9112("6.3", "invalid Content-Length: MUST respond 400 and close"),
      .must,
      get(lines: lines).gives(.status(400)),
      ending: .closed
    )
  }
}
