internal import Glibc
public import StaticAssets

/// A request to introspect a Django project.
public struct DjangoIntrospection: Sendable, Equatable {
  /// The directory of the project's `manage.py`.
  public var directory: BytePath
  /// The Python to run; nil for the project's own, if it can be found.
  public var python: String?
  /// The settings module; nil for the one in the environment or in `manage.py`.
  public var settings: String?
  /// Patterns of names that are not collected.
  public var ignored: [String] = []
  /// Whether the project's default patterns apply too: Django's `CVS`, `.*` and `*~`.
  public var usesDefaultIgnored = true
  /// Where to collect to; nil for the project's STATIC_ROOT.
  public var root: BytePath?

  /// What to find out about the project.
  public enum Purpose: Sendable, Equatable {
    /// What is collected, and how.
    case collecting
    /// How requests are handled.
    case serving
    /// How requests are handled, and from which sources.
    case servingSources
    /// The files that its finders return for these names, as findstatic does; never empty.
    case finding([BytePath])
  }

  /// What to find out.
  public var purpose = Purpose.collecting

  /// Whether nothing is collected after all: the project then does not see the word `collectstatic`
  /// among its arguments.
  package var isDryRun = false

  /// The time limit of the project's process, 1 to 3600 seconds; then it is killed.
  public var timeout = 120

  /// A request for the project in `directory`.
  public init(directory: BytePath) {
    self.directory = directory
  }

  /// Whether `directory` has a Django `manage.py`.
  public static func isProject(_ directory: BytePath) -> Bool {
    guard let text = try? LoadedFile.read(directory.appending(BytePath("manage.py"))) else {
      return false
    }
    return ManageScript(text).isDjangos
  }

  /// Runs the project's Python in its directory and returns the description.
  ///
  /// It blocks until the process has ended. The process, and the search for the project's Python,
  /// have the environment of this process. No command of the project runs. The process leads a
  /// group of its own, which is killed at the time limit or when this process ends.
  ///
  /// If a command of the project started this process (`manage.py collectstatic` with the Django
  /// app `staticd`), the process of that command answers instead.
  ///
  /// - Parameter onWait: called with a message if it takes more than two seconds.
  /// - Throws: when the directory or Python does not exist, when the project cannot be loaded or
  ///   has a storage or settings that are not supported, or when a system call fails.
  public func ask(onWait: (String) -> Void = { _ in }) throws(DjangoError) -> DjangoProject {
    let status = try? FileStatus.of(directory)
    guard status?.isDirectory == true else {
      throw DjangoError(["--django '\(directory)' is no directory"])
    }
    if let handover = DjangoHandover() { return try ask(handover) }
    let python = python.map(absolute) ?? ProjectPython.executable(for: directory)
    let program: Subprocess
    do throws(FileError) {
      program = try Subprocess(
        running: [python, "-c", BytePath(DjangoScript.text), BytePath(arguments)],
        namesAnswer: true,
        in: directory,
        seconds: min(max(1, timeout), 3600)
      ) {
        onWait("waiting for the Django project in '\(directory)', asked with '\(python)'")
      }
    } catch {
      guard error.isAboutName else { throw DjangoError([error.description], isSystem: true) }
      let reason = FileError.text(of: error.code)
      throw DjangoError(["cannot run '\(python)': \(reason); name a Python with --python"])
    }
    let printed = String(decoding: program.output, as: UTF8.self)
    guard case .status(let code) = program.end else {
      let reason = "did not answer within \(timeout) seconds and was ended"
      let advice = "allow more with --django-timeout"
      throw DjangoError(
        ["\(about): '\(python)' \(reason); \(advice)"] + lastLines(printed),
        details: printed
      )
    }
    guard let answer = try? DjangoAnswer(program.answer) else {
      throw DjangoError(
        ["\(about): '\(python)' ended with status \(code) before it answered"] + lastLines(printed),
        details: printed
      )
    }
    return try project(answer, python.description, printed)
  }

  /// Asks the process of the project that started this one.
  private func ask(_ handover: DjangoHandover) throws(DjangoError) -> DjangoProject {
    let text: [UInt8]
    do throws(FileError) {
      text = try handover.ask(arguments)
    } catch {
      throw DjangoError([error.description], isSystem: true)
    }
    guard let answer = try? DjangoAnswer(text) else {
      throw DjangoError(["\(about): its process gave no answer"], isSystem: true)
    }
    return try project(answer, "", "")
  }

  /// The project, or the reason why it cannot be collected.
  private func project(
    _ answer: DjangoAnswer,
    _ python: String,
    _ printed: String
  ) throws(DjangoError) -> DjangoProject {
    if let failure = answer.failure { throw error(failure, python, printed) }
    guard answer.checks.isEmpty else {
      throw DjangoError(answer.checks.map { "\(about): \($0)" }, details: printed)
    }
    var project = answer.project
    project.directory = directory
    project.hasNamedSettings = settings != nil
    project.python = python
    project.printed = printed
    let latest = DjangoRules.latest.rawValue
    if purpose == .collecting, Self.isNewer(project.version, than: latest) {
      project.warnings.append(
        "Django \(project.version) is newer than Django \(latest), whose rules are used"
      )
    }
    return project
  }

  private static func isNewer(_ version: String, than known: String) -> Bool {
    let parts = [known, version].map { $0.split(separator: ".").prefix(2).map { Int($0) ?? 0 } }
    return parts[0].lexicographicallyPrecedes(parts[1])
  }

  /// A path with a slash is relative to this process, not to the project; a name is searched in
  /// PATH.
  private func absolute(_ python: String) -> BytePath {
    python.contains("/") ? BytePath(python).absolute : BytePath(python)
  }

  private var about: String { "Django project '\(directory)'" }

  private func error(
    _ failure: DjangoAnswer.Failure,
    _ python: String,
    _ printed: String
  ) -> DjangoError {
    let line: String
    switch failure.kind {
    case "": line = failure.text
    case "NoDjango": line = "'\(python)' has no Django; name the project's Python with --python"
    default:
      let place = failure.place.isEmpty ? "" : " (\(failure.place))"
      line = "\(failure.kind): \(failure.text)\(place)"
    }
    // A project that exits during set-up has usually printed the reason.
    let lines = failure.kind == "SystemExit" ? lastLines(printed) : []
    return DjangoError(["\(about): \(line)"] + lines, details: printed + failure.trace)
  }

  /// The last lines that the project printed, each marked as such.
  private func lastLines(_ printed: String) -> [String] {
    let lines = printed.split(whereSeparator: \.isNewline).suffix(5)
    return lines.map { "\(about) printed: \(BytePath(String($0)).shortened)" }
  }

  private var isServing: Bool { purpose == .serving || purpose == .servingSources }

  private var arguments: String {
    var text = JSONText()
    text.add("{\"settings\": ")
    text.add(string: Array((settings ?? "").utf8))
    text.add(", \"defaultIgnore\": ")
    text.add(usesDefaultIgnored ? 1 : 0)
    text.add(", \"collects\": ")
    text.add(purpose == .collecting && !isDryRun ? 1 : 0)
    text.add(", \"serving\": ")
    text.add(isServing ? 1 : 0)
    text.add(", \"refresh\": ")
    text.add(purpose == .servingSources ? 1 : 0)
    text.add(", \"find\": ")
    if case .finding(let names) = purpose { text.add(strings: names) } else { text.add("[]") }
    text.add(", \"root\": ")
    text.add(string: root?.absolute.bytes ?? [])
    text.add(", \"ignore\": [")
    for (index, pattern) in ignored.enumerated() {
      if index > 0 { text.add(", ") }
      text.add(string: Array(pattern.utf8))
    }
    text.add("]}")
    return String(decoding: text.bytes, as: UTF8.self)
  }
}

extension FileError {
  /// Whether the error is about the program's name: it does not exist or cannot be executed.
  fileprivate var isAboutName: Bool {
    [ENOENT, EACCES, ENOTDIR, ENOEXEC].contains(code)
  }
}
