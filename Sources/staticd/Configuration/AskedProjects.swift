internal import StaticCollector
internal import Synchronization

/// The answers of Django projects in this process, so that a command asks each question once: `check`
/// reads the configuration of several commands.
enum AskedProjects {
  private static let answers = Mutex<[(question: DjangoQuestion, answer: DjangoProject)]>([])

  /// The answer to `question`, and whether the project was asked for it just now.
  static func answer(
    to question: DjangoQuestion
  ) throws(DjangoError) -> (project: DjangoProject, isNew: Bool) {
    let known = answers.withLock { $0.first { $0.question == question }?.answer }
    if let known { return (known, false) }
    let project = try question.ask { Console.diagnose($0) }
    answers.withLock { $0.append((question, project)) }
    return (project, true)
  }
}
