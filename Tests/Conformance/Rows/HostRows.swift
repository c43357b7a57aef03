/// RFC 9112 §3.2 and RFC 9110 §7.2: Host.
extension Row {
  static let hostRows: [Row] = [
    invalid("none in 1.1", ""),
    invalid("two", "Host: a.test\r\nHost: b.test\r\n"),
    invalid("two that are equal", "Host: a.test\r\nHost: a.test\r\n"),
    invalid("two in different case", "Host: a.test\r\nA: b\r\nHOST: a.test\r\n"),
    invalid("a list", "Host: a.test, b.test\r\n"),
    invalid("a space inside", "Host: a b\r\n"),
    invalid("a URI", "Host: http://a.test\r\n"),
    invalid("a path", "Host: a.test/x\r\n"),
    invalid("a backslash", "Host: a.test\\x\r\n"),
    invalid("user information", "Host: user@a.test\r\n"),
    invalid("a query", "Host: a.test?x\r\n"),
    invalid("a fragment", "Host: a.test#x\r\n"),
    invalid("quotes", "Host: \"a.test\"\r\n"),
    invalid("angle brackets", "Host: <a.test>\r\n"),
    invalid("bytes above ASCII", "Host: {hex:C3BC}.test\r\n"),
    invalid("NUL", "Host: a{hex:00}.test\r\n"),
    invalid("a port that is no number", "Host: a.test:http\r\n"),
    invalid("two ports", "Host: a.test:80:80\r\n"),
    invalid("a bracket that is not closed", "Host: [::1\r\n"),
    invalid("a bracket that is not opened", "Host: ::1]\r\n"),
    invalid("a percent sign without digits", "Host: a%zz.test\r\n"),
    Row(
      "Host: two in HTTP/1.0",
      .rfc9112("3.2", "MUST respond 400 to any request with more than one Host"),
      .must,
      raw("GET {prefix}plain.txt HTTP/1.0\r\nHost: a.test\r\nHost: b.test\r\n\r\n").gives(
        .status(400)
      )
    ),
    Row(
      "Host: none in HTTP/1.0",
      .rfc9112("3.2", "Host is required of 1.1 alone"),
      .must,
      raw("GET {prefix}plain.txt HTTP/1.0\r\n\r\n").gives(.whole("plain.txt"))
    ),
    valid("a name", "Host: a.test\r\n"),
    valid("a name and a port", "Host: a.test:8080\r\n"),
    valid("an empty port", "Host: a.test:\r\n"),
    valid("IPv4", "Host: 192.0.2.1:80\r\n"),
    valid("IPv6", "Host: [2001:db8::1]\r\n"),
    valid("IPv6 and a port", "Host: [::1]:8000\r\n"),
    valid("an encoded name", "Host: %C3%BC.test\r\n"),
    valid("an underscore", "Host: a_b.test\r\n"),
    valid("sub-delimiters", "Host: a!$&'()*+;=~.test\r\n"),
    valid("empty, for a URI without authority", "Host:\r\n", .promise),
    valid("empty after a space", "Host: \r\n", .promise),
    valid("no space after the colon", "Host:a.test\r\n"),
    valid("a tab after the colon", "Host:\ta.test\r\n"),
    valid("spaces around", "Host:  \t a.test \t \r\n"),
    valid("another case of the name", "hOsT: a.test\r\n"),
    valid("after other fields", "A: b\r\nHost: a.test\r\n"),
  ]

  private static func invalid(_ name: String, _ lines: String) -> Row {
    Row(
      "Host: \(name) is invalid",
      .rfc9112("3.2", "MUST respond 400 to no Host, several or an invalid one"),
      .must,
      get(hostLines: lines).gives(.status(400))
    )
  }

  private static func valid(_ name: String, _ lines: String, _ level: Level = .must) -> Row {
    Row(
      "Host: \(name)",
      .rfc9110("7.2", "Host = uri-host [ : port ]"),
      level,
      get(hostLines: lines).gives(.whole("plain.txt"))
    )
  }
}
