internal import StaticCollector
internal import Synchronization

/// The cached answers of Django projects, failures included.
///
/// `check` reads the configuration of several commands. It makes each query once, even if the
/// project does not answer in time.
final class ProjectAnswers: Sendable {
  private typealias Answer = Result<DjangoProject, DjangoError>
  private let answers = Mutex<[(question: DjangoIntrospection, answer: Answer)]>([])

  /// The answer to `question`, and whether the project was queried for it just now.
  func answer(
    to question: DjangoIntrospection
  ) throws(DjangoError) -> (project: DjangoProject, isNew: Bool) {
    let known = answers.withLock { $0.first { $0.question == question }?.answer }
    if let known { return (try known.get(), false) }
    let answer = Result { () throws(DjangoError) in try question.ask { Console.diagnose($0) } }
    answers.withLock { $0.append((question, answer)) }
    return (try answer.get(), true)
  }
}
