/// The value of GUNICORN_CMD_ARGS.
///
/// gunicorn takes each setting from its command line, else from this variable, else from its
/// configuration file; the values of a repeatable setting come from one of them only.
struct GunicornArguments {
  /// The name of the variable.
  static let variable = "GUNICORN_CMD_ARGS"

  private let text: String
  /// Its words; nil if gunicorn could not parse it.
  private let words: [String]?

  init(_ text: String?) {
    self.text = text ?? ""
    words = ShellWords.split(self.text)
  }

  /// The options in it.
  var options: CommandOptions {
    CommandOptions(words ?? [], switches: AppServer.gunicorn.switches)
  }

  /// The binds in it, as written.
  var binds: [String] {
    options.all(AppServer.gunicornBind).map { "\($0.spelling) \($0.value)" }
  }

  /// The value that makes gunicorn listen at the address in `listening`, gunicorn's options, and
  /// nowhere else.
  func telling(_ listening: [String]) -> String {
    // gunicorn would open both binds, and a public one would trust all clients.
    let kept =
      binds.isEmpty
      ? text
      : options.removing(AppServer.gunicornBind).map(ShellWords.quoted).joined(separator: " ")
    let told = listening.map(ShellWords.quoted).joined(separator: " ")
    return kept.isEmpty ? told : "\(kept) \(told)"
  }
}
