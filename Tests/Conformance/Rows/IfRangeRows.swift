/// RFC 9110 §13.1.5: If-Range.
extension Row {
  static let ifRangeRows: [Row] = [
    partial("the current tag", "{strong}"),
    partial("the date of the file", "{modified}"),
    whole("another tag", "\"other\"", "false: MUST ignore Range"),
    whole("the current tag made weak", "W/{opaque}", "MUST use strong comparison"),
    whole("a later date", "{later}", "the date must match exactly"),
    whole("an earlier date", "{earlier}", "the date must match exactly"),
    whole("neither tag nor date", "soon", "false: MUST ignore Range"),
    whole("two tags", "{strong}, {strong}", "If-Range = entity-tag / HTTP-date"),
    whole("any tag", "*", "If-Range = entity-tag / HTTP-date"),
    Row(
      "If-Range: without Range it is ignored",
      .rfc9110("13.1.5", "MUST ignore If-Range without Range"),
      .must,
      get("plain.txt", "If-Range: \"other\"").gives(.whole("plain.txt"))
    ),
    Row(
      "If-Range: false and a range beyond the end",
      .rfc9110("13.1.5", "false: MUST ignore Range"),
      .must,
      get("plain.txt", "Range: bytes=5000-", "If-Range: \"other\"").gives(.whole("plain.txt"))
    ),
    Row(
      "If-Range: true and a range beyond the end",
      .rfc9110("13.2.2", "true: respond to the Range"),
      .should,
      get("plain.txt", "Range: bytes=5000-", "If-Range: {strong}").gives(
        .unsatisfiable(of: 1000)
      )
    ),
    Row(
      "If-Range: the tag of the coding that is sent",
      .rfc9110("13.1.5", "compares with the selected representation"),
      .should,
      get("text.txt", "Accept-Encoding: br", "Range: bytes=0-9", "If-Range: {strong-br}").gives(
        .status(206),
        .codedPart("text.txt", coding: "br", 0..<10)
      )
    ),
    Row(
      "If-Range: the tag of another coding",
      .rfc9110("13.1.5", "compares with the selected representation"),
      .must,
      needs: ["strong-br"],
      get("text.txt", "Accept-Encoding: br", "Range: bytes=0-9", "If-Range: {strong-text}").gives(
        .whole("text.txt", in: "br")
      )
    ),
    Row(
      "If-Range: HEAD",
      .rfc9110("14.2", "MUST ignore Range with other methods than GET"),
      .must,
      head("plain.txt", "Range: bytes=0-0", "If-Range: {strong}").gives(.status(200))
    ),
  ]

  private static func partial(_ name: String, _ value: String) -> Row {
    Row(
      "If-Range: \(name)",
      .rfc9110("13.1.5", "true: SHOULD process the Range"),
      .should,
      get("plain.txt", "Range: bytes=0-9", "If-Range: \(value)").gives(.part("plain.txt", 0..<10))
    )
  }

  private static func whole(_ name: String, _ value: String, _ requirement: String) -> Row {
    Row(
      "If-Range: \(name)",
      .rfc9110("13.1.5", requirement),
      .must,
      get("plain.txt", "Range: bytes=0-9", "If-Range: \(value)").gives(.whole("plain.txt"))
    )
  }
}
