import Foundation

/// A `staticd` controlled by a test: its output and errors go to files that the test may read.
public final class ServingRun {
  /// The number of the first process.
  public let pid: Int32

  private let scratch = TemporaryDirectory()
  /// The status from waitpid(2).
  private var status: Int32?

  /// Starts `staticd` with `arguments`, a command and its options.
  ///
  /// - Parameters:
  ///   - prefix: a program, found in PATH, that executes `staticd`.
  ///   - program: the program to start instead of the built `staticd`.
  public init(
    _ arguments: [String],
    environment: [String: String] = [:],
    directory: String? = nil,
    prefix: [String] = [],
    program: String = Command.staticd
  ) {
    // Not with Foundation, for which a process runs as long as its children do.
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    for (number, name) in [(Int32(1), "output"), (2, "errors")] {
      let path = scratch.write("", to: name)
      posix_spawn_file_actions_addopen(&actions, number, path, O_WRONLY | O_APPEND, 0)
    }
    // Inherited sockets of other tests would stay open. Closing an unopened descriptor is not an
    // error.
    let end = Int32(min(sysconf(Int32(_SC_OPEN_MAX)), 20_000))
    for number in 3..<end { posix_spawn_file_actions_addclose(&actions, number) }
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    var none = sigset_t()
    sigemptyset(&none)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
    let place = directory.map { ["-C", $0] } ?? []
    let words = ["/usr/bin/env"] + place + prefix + [program] + arguments
    let variables = Command.inherited.merging(environment) { $1 }.map { "\($0)=\($1)" }
    var argv = words.map { strdup($0) } + [nil]
    var envp = variables.map { strdup($0) } + [nil]
    var number: pid_t = 0
    let result = posix_spawn(&number, words[0], &actions, &attributes, &argv, &envp)
    precondition(result == 0, "posix_spawn: \(result)")
    for text in argv + envp { free(text) }
    posix_spawn_file_actions_destroy(&actions)
    posix_spawnattr_destroy(&attributes)
    pid = number
  }

  /// The output so far: standard error, then standard output.
  public var output: String { errors + (scratch.text("output") ?? "") }

  /// Standard error so far.
  public var errors: String { scratch.text("errors") ?? "" }

  /// The lines on standard error so far.
  public var errorLines: [String] {
    errors.split(separator: "\n").map(String.init).filter { $0.hasPrefix("staticd: ") }
  }

  /// Whether the first process runs.
  public var isRunning: Bool {
    var value: Int32 = 0
    if status == nil, waitpid(pid, &value, WNOHANG) == pid { status = value }
    return status == nil
  }

  /// The port of 127.0.0.1; waits until it is printed; nil if the process ends before.
  public func port() -> UInt16? {
    guard
      eventually({ !isRunning || named(in: output) != nil })
    else { return nil }
    return named(in: output)
  }

  private func named(in text: String) -> UInt16? {
    let parts = text.components(separatedBy: "http://127.0.0.1:").dropFirst()
    guard let rest = parts.first, rest.contains(where: { !$0.isNumber }) else { return nil }
    return UInt16(rest.prefix { $0.isNumber })
  }

  /// Waits until the output has `text`, `count` times; returns whether it has.
  public func prints(_ text: String, times count: Int = 1) -> Bool {
    eventually { output.components(separatedBy: text).count > count }
  }

  /// Waits until the errors have `text`, `count` times; returns whether they have.
  public func complains(_ text: String, times count: Int = 1) -> Bool {
    eventually { errors.components(separatedBy: text).count > count }
  }

  /// Sends a signal to the first process.
  public func send(_ signal: Int32) { kill(pid, signal) }

  /// Waits for the end of the first process; its exit status, or the negative number of a signal,
  /// or nil if it still runs.
  public func wait() -> Int32? {
    guard eventually({ !isRunning }), let status else { return nil }
    return status & 0x7F == 0 ? status >> 8 & 0xFF : -(status & 0x7F)
  }

  /// The processes that replaced it, in order.
  public var successors: [Int32] {
    output.components(separatedBy: "Upgrade: process ").dropFirst().compactMap { part in
      part.contains(" serves; ") || part.contains(" was started")
        ? Int32(part.prefix { $0.isNumber }) : nil
    }
  }

  deinit {
    for successor in successors { kill(successor, SIGKILL) }
    guard isRunning else { return }
    kill(pid, SIGKILL)
    waitpid(pid, nil, 0)
  }
}
