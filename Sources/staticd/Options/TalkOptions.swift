/// How much is told.
struct TalkOptions {
  /// Whether every file is named, and what a Django project prints is shown.
  let isVerbose: Bool
  /// Whether nothing is said unless something is wrong.
  let isQuiet: Bool
  /// How progress is shown.
  let progressStyle: ProgressStyle

  init(_ arguments: MergedArguments) throws {
    isVerbose = arguments.isOn(.verbose)
    isQuiet = arguments.isOn(.quiet)
    progressStyle = isQuiet ? .none : arguments.choice(.progress) ?? .auto
    guard !(isVerbose && isQuiet) else {
      throw CommandFailure(.usage, "--verbose and --quiet are opposites; give one of them")
    }
  }
}
