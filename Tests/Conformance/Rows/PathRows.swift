/// RFC 9110 §4.2.3 and RFC 3986: which paths name a file.
extension Row {
  static let pathRows: [Row] = [
    found("a nested name", "nested/deep/er/file.json", "nested/deep/er/file.json"),
    found("a space", "with%20space.txt", "with space.txt"),
    found("a percent sign", "percent%2541.txt", "percent%41.txt"),
    found("UTF-8", "%C3%BCn%C3%AF-%E5%90%8D.txt", "\u{FC}n\u{EF}-\u{540D}.txt"),
    found(
      "UTF-8 in lower-case digits",
      "%c3%bcn%c3%af-%e5%90%8d.txt",
      "\u{FC}n\u{EF}-\u{540D}.txt"
    ),
    found("marks as they are", "plus+sign&semi;colon=~.txt", "plus+sign&semi;colon=~.txt"),
    found("marks encoded", "plus%2Bsign%26semi%3Bcolon%3D%7E.txt", "plus+sign&semi;colon=~.txt"),
    found("encoded letters", "%70l%61in.txt", "plain.txt"),
    found("index.html", "index.html", "index.html"),
    notFound("decoded twice", "percent%252541.txt"),
    notFound("a plus for a space", "with+space.txt"),
    notFound("another case", "PLAIN.TXT"),
    notFound("a slash after a file", "plain.txt/"),
    notFound("a name below a file", "plain.txt/x"),
    safe("a percent sign without digits", "%"),
    safe("a percent sign with one digit", "plain.txt%4"),
    safe("a percent sign with other letters", "plain%zz.txt"),
    safe("an encoded NUL", "plain.txt%00"),
    safe("bytes that are no UTF-8", "%FF%FE"),
    safe("an overlong slash", "..%C0%AF..%C0%AFetc/passwd"),
    safe("dot segments", "../../../../etc/passwd"),
    safe("encoded dot segments", "%2e%2e/%2e%2e/%2e%2e/%2e%2e/etc/passwd"),
    safe("dot segments with encoded slashes", "..%2F..%2F..%2F..%2Fetc%2Fpasswd"),
    safe("backslashes", "..\\..\\..\\..\\etc\\passwd"),
    safe("a second root", "/etc/passwd"),
  ]

  private static func found(_ name: String, _ path: String, _ file: String) -> Row {
    Row(
      "path: \(name)",
      .rfc9110("4.2.3", "equivalent URIs identify the same resource"),
      .must,
      get(path).gives(.whole(file))
    )
  }

  private static func notFound(_ name: String, _ path: String) -> Row {
    Row(
      "path: \(name) is another name",
      .rfc9110("4.2.3", "URIs are compared after normalisation only"),
      .must,
      get(path).gives(.status(404))
    )
  }

  private static func safe(_ name: String, _ path: String) -> Row {
    Row(
      "path: \(name) finds nothing",
      .rfc9110("17.3", "a path may not reach files outside"),
      .must,
      get(path).gives(.status(400, 403, 404)),
      ending: .any
    )
  }
}
