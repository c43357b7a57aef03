/// A command of the tool.
protocol Command: Sendable {
  /// The command with its options, whose values are of their kind and range.
  ///
  /// - Parameters:
  ///   - arguments: the command line, and what other places add to it.
  ///   - projects: the Django projects that were asked.
  init(_ arguments: MergedArguments, _ projects: ProjectAnswers)

  /// Throws everything that is wrong with the options and can be judged without doing the work.
  func check() throws
}

/// A command that keeps the main thread, whose signals it may block.
protocol BlockingCommand: Command {
  /// Does the work, and returns the exit status.
  func run() throws -> Int32
}

/// A command whose work is done by tasks.
protocol ConcurrentCommand: Command {
  /// Does the work, and returns the exit status.
  func run() async throws -> Int32
}

extension Command {
  func check() throws {}
}

extension CommandName {
  /// What does the work.
  var type: any Command.Type {
    switch self {
    case .collect: CollectCommand.self
    case .publish: PublishCommand.self
    case .serve: ServeCommand.self
    case .run: RunCommand.self
    case .find: FindCommand.self
    case .compress: CompressCommand.self
    case .check: CheckCommand.self
    case .explain: ExplainCommand.self
    case .completions: CompletionsCommand.self
    case .man: ManCommand.self
    }
  }
}
