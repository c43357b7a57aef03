/// The command `staticd man`.
struct ManCommand: BlockingCommand {
  private let arguments: MergedArguments

  init(_ arguments: MergedArguments, _ projects: ProjectAnswers) {
    self.arguments = arguments
  }

  func run() throws -> Int32 {
    let command = try arguments.words.first.map { try CommandName(argument: $0) }
    Console.print(bytes: Array(ManualPage(command).description.utf8))
    return 0
  }
}
