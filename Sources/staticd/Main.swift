internal import CLinux
internal import Glibc

/// Runs a command and ends the process with the documented exit code.
@main enum Main {
  static func main() {
    StandardStreams.open()
    ProcessSignals.unblockAll()
    ProcessSignals.ignoreFileSizeLimit()
    clinux_confine_lookups()
    do {
      let invocation = try Invocation(RawArguments.texts())
      switch try invocation.command() {
      case let command as any BlockingCommand: exit(Console.finish(try command.run()))
      case let command as any ConcurrentCommand:
        exit(Console.finish(try CommandExecutor.run { try await command.run() }))
      default: exit(Console.finish(0))
      }
    } catch let failure as CommandFailure {
      failure.report()
      exit(Console.finish(failure.status.rawValue))
    } catch {
      Console.diagnose("\(error)")
      exit(ExitStatus.system.rawValue)
    }
  }
}
