/// RFC 9110 §13.1.3 and §13.1.4: If-Modified-Since and If-Unmodified-Since.
extension Row {
  static let dateConditionRows: [Row] = [
    since("the date of the file", "{modified}", 304, .should),
    since("a later date", "{later}", 304, .should),
    since("an earlier date", "{earlier}", 200, .must),
    since("the epoch", "Thu, 01 Jan 1970 00:00:00 GMT", 200, .must),
    since("the date as RFC 850 wrote it", "{modified-rfc850}", 304, .should),
    since("the date as asctime wrote it", "{modified-asctime}", 304, .should),
    since("no date", "yesterday", 200, .must),
    since("a number", "0", 200, .must),
    since("nothing", "", 200, .must),
    since("a date in another zone", "Thu, 29 Feb 2099 12:34:56 PST", 200, .must),
    since("a month that does not exist", "Thu, 29 Foo 2024 12:34:56 GMT", 200, .must),
    since("a day that does not exist", "Thu, 32 Jan 2099 12:34:56 GMT", 200, .must),
    since("an hour that does not exist", "Thu, 29 Jan 2099 25:34:56 GMT", 200, .must),
    since("a list", "{modified}, {modified}", 200, .must),
    since("a date far ahead", "Fri, 31 Dec 9999 23:59:59 GMT", 304, .promise),
    Row(
      "If-Modified-Since: HEAD",
      .rfc9110("13.1.3", "SHOULD respond 304 if it is false"),
      .should,
      head("plain.txt", "If-Modified-Since: {modified}").gives(.status(304))
    ),
    Row(
      "If-Modified-Since: another method",
      .rfc9110("13.1.3", "MUST ignore it if the method is neither GET nor HEAD"),
      .must,
      request("OPTIONS", "plain.txt", "If-Modified-Since: {modified}").gives(
        .status(200, 204, 405, 501)
      )
    ),
    Row(
      "If-Modified-Since: a coded file",
      .rfc9110("13.1.3", "SHOULD respond 304 if it is false"),
      .should,
      get("text.txt", "Accept-Encoding: br", "If-Modified-Since: {modified-text}").gives(
        .status(304)
      )
    ),
    unmodified("the date of the file", "{modified}", 200),
    unmodified("a later date", "{later}", 200),
    unmodified("an earlier date", "{earlier}", 412),
    unmodified("an earlier date as RFC 850 wrote it", "Sunday, 06-Nov-94 08:49:37 GMT", 412),
    unmodified("an earlier date as asctime wrote it", "Sun Nov  6 08:49:37 1994", 412),
    unmodified("no date", "yesterday", 200),
    unmodified("nothing", "", 200),
    repeated("If-Modified-Since", "{modified}"),
    repeated("If-Unmodified-Since", "{earlier}"),
    Row(
      "If-Unmodified-Since: HEAD",
      .rfc9110("13.1.4", "MUST NOT perform the method when it is false"),
      .must,
      head("plain.txt", "If-Unmodified-Since: {earlier}").gives(.status(412))
    ),
    Row(
      "If-Unmodified-Since for a name that does not exist is 404",
      .rfc9110("13.2.1", "MUST ignore conditions if the response without them is no 2xx"),
      .must,
      get("none", "If-Unmodified-Since: Sun, 06 Nov 1994 08:49:37 GMT").gives(.status(404))
    ),
  ]

  private static func since(_ name: String, _ value: String, _ code: Int, _ level: Level) -> Row {
    let requirement =
      level == .must
      ? "MUST ignore it if it is no single valid date; true if changed since"
      : "SHOULD respond 304 if it is false"
    return Row(
      "If-Modified-Since: \(name)",
      .rfc9110("13.1.3", requirement),
      level,
      needs: ["modified"],
      get("plain.txt", "If-Modified-Since: \(value)").gives(
        .statuses([code]),
        .when([200], [.whole("plain.txt")])
      )
    )
  }

  /// Two lines of a singleton field may also be rejected.
  private static func repeated(_ name: String, _ value: String) -> Row {
    Row(
      "\(name): two lines",
      .rfc9110("13.1.3", "MUST be ignored if it has more than one member"),
      .must,
      get("plain.txt", "\(name): \(value)", "\(name): \(value)").gives(
        .either([.whole("plain.txt"), .status(400)])
      )
    )
  }

  private static func unmodified(_ name: String, _ value: String, _ code: Int) -> Row {
    Row(
      "If-Unmodified-Since: \(name)",
      .rfc9110("13.1.4", "MUST be ignored if no valid date; MUST NOT perform when false"),
      .must,
      needs: ["modified"],
      get("plain.txt", "If-Unmodified-Since: \(value)").gives(
        .statuses([code]),
        .when([200], [.whole("plain.txt")])
      )
    )
  }
}
