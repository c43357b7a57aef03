/// RFC 9112 §3: the request line.
extension Row {
  static let requestLineRows: [Row] = [
    line("no target and no version", "GET"),
    line("no version", "GET {prefix}plain.txt"),
    line("no target", "GET HTTP/1.1"),
    line("an empty target", "GET  HTTP/1.1"),
    line("a space in the target", "GET {prefix}with space.txt HTTP/1.1"),
    line("a space before the method", " GET {prefix}plain.txt HTTP/1.1"),
    line("no method", " {prefix}plain.txt HTTP/1.1"),
    line("a method that is no token", "G(T {prefix}plain.txt HTTP/1.1"),
    line("a colon after the method", "GET: {prefix}plain.txt HTTP/1.1"),
    line("a method above ASCII", "GET{hex:C3A9} {prefix}plain.txt HTTP/1.1"),
    line("NUL in the target", "GET {prefix}plain{hex:00}.txt HTTP/1.1"),
    line("NUL in the method", "GE{hex:00}T {prefix}plain.txt HTTP/1.1"),
    line("a control character in the target", "GET {prefix}plain{hex:01}.txt HTTP/1.1"),
    line("DEL in the target", "GET {prefix}plain{hex:7F}.txt HTTP/1.1"),
    line("a tab after the target", "GET {prefix}plain.txt\tHTTP/1.1"),
    line("a fourth word", "GET {prefix}plain.txt HTTP/1.1 x"),
    whitespace("two spaces after the method", "GET  {prefix}plain.txt HTTP/1.1"),
    whitespace("two spaces before the version", "GET {prefix}plain.txt  HTTP/1.1"),
    whitespace("a space after the version", "GET {prefix}plain.txt HTTP/1.1 "),
    whitespace("a tab after the method", "GET\t{prefix}plain.txt HTTP/1.1"),
    Row(
      "a line without a version is refused, not answered as HTTP/0.9",
      .rfc9112("3", "SHOULD respond 400 to an invalid request line"),
      .should,
      raw("GET {prefix}plain.txt\r\n").gives(.status(400)),
      ending: .closed
    ),
    Row(
      "a method of 300 letters is refused",
      .rfc9112("3", "a method longer than any known SHOULD be 501"),
      .should,
      request(line: "\(String(repeating: "A", count: 300)) {prefix}plain.txt HTTP/1.1").gives(
        .status(400, 405, 501)
      )
    ),
    Row(
      "a request line of 8000 octets is fine",
      .rfc9112("3", "RECOMMENDED to support request lines of 8000 octets"),
      .should,
      request(line: "GET {prefix}plain.txt?\(String(repeating: "a", count: 7950)) HTTP/1.1").gives(
        .whole("plain.txt")
      )
    ),
    Row(
      "a target of 64 KiB is too long or fine",
      .rfc9112("3", "MUST respond 414 to a target longer than it wishes to parse"),
      .must,
      request(line: "GET /\(String(repeating: "a", count: 65536)) HTTP/1.1").gives(
        .status(414, 404)
      )
    ),
    Row(
      "a token method of odd characters is a method",
      .rfc9110("9.1", "method = token"),
      .should,
      request(line: "!#$%&'*+-.^_`|~9 {prefix}plain.txt HTTP/1.1").gives(.status(405, 501))
    ),
  ]

  private static func line(_ name: String, _ text: String) -> Row {
    Row(
      "request line: \(name)",
      .rfc9112("3", "SHOULD respond 400 to an invalid request line"),
      .should,
      request(line: text).gives(.status(400)),
      ending: .closed
    )
  }

  private static func whitespace(_ name: String, _ text: String) -> Row {
    Row(
      "request line: \(name)",
      .rfc9112("3", "MAY parse on whitespace-delimited word boundaries"),
      .promise,
      request(line: text).gives(.status(400)),
      ending: .closed
    )
  }
}
