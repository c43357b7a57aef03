/// The command `staticd completions`.
struct CompletionsCommand: BlockingCommand {
  private let arguments: MergedArguments

  init(_ arguments: MergedArguments, _ projects: ProjectAnswers) {
    self.arguments = arguments
  }

  func run() throws -> Int32 {
    let shells = Completions.allCases.map(\.rawValue).joined(separator: ", ")
    guard let word = arguments.words.first else {
      throw CommandFailure(.usage, "name the shell: \(shells)")
    }
    guard let shell = Completions(rawValue: word) else {
      throw CommandFailure(.usage, "there are no completions for '\(word)'; give one of \(shells)")
    }
    Console.print(shell.script)
    return 0
  }
}
