/// The credentials that sign requests.
///
/// Their descriptions omit the secrets, so that no message, log or report can contain them.
struct Credentials: Equatable, Sendable, CustomStringConvertible, CustomDebugStringConvertible,
  CustomReflectable
{
  let accessKey: String
  let secretKey: String
  /// For temporary credentials.
  var sessionToken: String?
  /// The expiry in seconds since 1970; nil if there is none, or it is unknown.
  var end: Int64?

  var description: String { "credentials" }
  var debugDescription: String { description }
  var customMirror: Mirror { Mirror(self, children: []) }
}
