/// What requests are signed with.
///
/// It describes itself without its secrets, so that no message, log or report can have them.
struct Credentials: Equatable, Sendable, CustomStringConvertible, CustomDebugStringConvertible,
  CustomReflectable
{
  let accessKey: String
  let secretKey: String
  /// For temporary credentials.
  var sessionToken: String?
  /// Seconds since 1970 when they end; nil when they do not, as far as is known.
  var end: Int64?

  var description: String { "credentials" }
  var debugDescription: String { description }
  var customMirror: Mirror { Mirror(self, children: []) }
}
