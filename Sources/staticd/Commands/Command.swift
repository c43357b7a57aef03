/// A command of the tool.
protocol Command: Sendable {
  /// Creates the command; the values in `arguments` have the kind and range of their options.
  ///
  /// - Parameters:
  ///   - arguments: the options from all layers.
  ///   - projects: the cached answers of Django projects.
  init(_ arguments: MergedArguments, _ projects: ProjectAnswers)

  /// Throws every mistake in the options that can be found without running the command.
  func check() throws
}

/// A command that runs on the main thread, whose signals it may block.
protocol BlockingCommand: Command {
  /// Runs the command, and returns the exit status.
  func run() throws -> Int32
}

/// A command that runs as tasks.
protocol ConcurrentCommand: Command {
  /// Runs the command, and returns the exit status.
  func run() async throws -> Int32
}

extension Command {
  func check() throws {}
}

extension CommandName {
  /// The type that implements the command.
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
