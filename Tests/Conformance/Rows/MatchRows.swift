/// RFC 9110 §13.1.1: If-Match.
extension Row {
  static let matchRows: [Row] = [
    match("the current tag", "If-Match: {strong}", [200], .must),
    match("another tag", "If-Match: \"other\"", [412], .must),
    match("any tag", "If-Match: *", [200], .must),
    match("the current tag made weak", "If-Match: W/{opaque}", [412], .must),
    match("a list with the tag", "If-Match: \"a\", {strong} , \"b\"", [200], .must),
    match("a list without the tag", "If-Match: \"a\", \"b\"", [412], .must),
    match("two lines", "If-Match: \"a\"\r\nIf-Match: {strong}", [200], .must),
    match("a tag with a comma", "If-Match: \"a,b\", {strong}", [200], .must),
    match("empty members", "If-Match: , ,{strong},", [200], .must),
    match("the tag inside another", "If-Match: \"x{strong}\"", [412, 400], .must),
    match("an empty tag", "If-Match: \"\"", [412], .must),
    match("no quotes", "If-Match: other", [412], .promise),
    Row(
      "If-Match: the tag of another coding",
      .rfc9110("13.1.1", "compares with the selected representation"),
      .must,
      needs: ["strong-text"],
      get("text.txt", "Accept-Encoding: identity", "If-Match: {strong-br}").gives(.status(412))
    ),
    Row(
      "If-Match: the tag of the coding that is sent",
      .rfc9110("13.1.1", "compares with the selected representation"),
      .must,
      get("text.txt", "Accept-Encoding: br", "If-Match: {strong-br}").gives(
        .whole("text.txt", in: "br")
      )
    ),
    Row(
      "If-Match: HEAD",
      .rfc9110("13.1.1", "MUST NOT perform the method when it is false"),
      .must,
      head("plain.txt", "If-Match: \"other\"").gives(.status(412))
    ),
    Row(
      "If-Match: * for a name that does not exist is 404",
      .rfc9110("13.2.1", "MUST ignore conditions if the response without them is no 2xx"),
      .must,
      get("none", "If-Match: *").gives(.status(404))
    ),
    Row(
      "If-Match for a name that does not exist is 404",
      .rfc9110("13.2.1", "MUST ignore conditions if the response without them is no 2xx"),
      .must,
      get("none", "If-Match: \"a\"").gives(.status(404))
    ),
    Row(
      "If-Match does not make a method allowed",
      .rfc9110("13.2.1", "MUST ignore conditions if the response without them is no 2xx"),
      .must,
      request("DELETE", "plain.txt", "If-Match: \"other\"").gives(.status(405, 501, 403))
    ),
    Row(
      "the connection goes on after 412",
      .rfc9110("15.5.13", "412 Precondition Failed"),
      .promise,
      get("plain.txt", "If-Match: \"other\"").gives(.status(412)),
      ending: .open
    ),
  ]

  private static func match(_ name: String, _ field: String, _ codes: [Int], _ level: Level) -> Row
  {
    Row(
      "If-Match: \(name)",
      .rfc9110("13.1.1", "true if any member matches by strong comparison"),
      level,
      get("plain.txt", field).gives(.statuses(codes), .when([200], [.whole("plain.txt")]))
    )
  }
}
