/// How much is printed.
struct TalkOptions {
  /// Whether to print the name of every file, and a Django project's output.
  let isVerbose: Bool
  /// Whether to print nothing unless something is wrong.
  let isQuiet: Bool
  /// How progress is shown.
  let progressStyle: ProgressStyle

  init(_ arguments: MergedArguments) throws {
    isVerbose = arguments.isOn(.verbose)
    isQuiet = arguments.isOn(.quiet)
    progressStyle = isQuiet ? .none : arguments.choice(.progress) ?? .auto
    guard !(isVerbose && isQuiet) else {
      let places = arguments.places(of: [.verbose, .quiet])
      throw CommandFailure(.usage, "\(places) are opposites; give one of them")
    }
  }
}
