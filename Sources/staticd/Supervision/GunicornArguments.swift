/// What GUNICORN_CMD_ARGS says.
///
/// gunicorn takes each setting from its command line, else from this variable, else from its
/// configuration file; of a setting that may be repeated only the values of one place count.
struct GunicornArguments {
  /// The variable.
  static let variable = "GUNICORN_CMD_ARGS"

  private let text: String
  /// Its words; nil when gunicorn would not be able to read it.
  private let words: [String]?

  init(_ text: String?) {
    self.text = text ?? ""
    words = ShellWords.split(self.text)
  }

  /// Its options.
  var options: CommandOptions {
    CommandOptions(words ?? [], switches: AppServer.gunicorn.switches)
  }

  /// The binds in it, as they are written.
  var binds: [String] {
    options.all(AppServer.gunicornBind).map { "\($0.spelling) \($0.value)" }
  }

  /// The value that makes gunicorn listen where `listening`, options of gunicorn, says, and nowhere
  /// else.
  func telling(_ listening: [String]) -> String {
    // Two binds in it would both be opened: one of ours beside a public one that trusts everybody.
    let kept =
      binds.isEmpty
      ? text
      : options.removing(AppServer.gunicornBind).map(ShellWords.quoted).joined(separator: " ")
    let told = listening.map(ShellWords.quoted).joined(separator: " ")
    return kept.isEmpty ? told : "\(kept) \(told)"
  }
}
