internal import ArgumentParser

/// The command line as a whole.
struct Staticd: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "staticd",
    abstract: "Static files for web apps: collect them, serve them.",
    discussion: """
      Exit codes: 0 done; 1 the input has problems, all of them listed, and nothing was published; \
      2 wrong use; 3 the system failed (disk, permission, address in use).
      """,
    version: "0.1.0",
    subcommands: [
      CollectCommand.self, ServeCommand.self, RunCommand.self, FindCommand.self,
      CompressCommand.self,
      CheckCommand.self, ExplainCommand.self,
    ]
  )
}

/// Runs a command and ends the process with the documented exit code.
@main enum Main {
  static func main() async {
    StandardStreams.open()
    var given = Array(CommandLine.arguments.dropFirst())
    if given == ["-V"] { given = ["--version"] }
    var layered = LayeredArguments(given)
    do {
      layered = try LayeredArguments(adding: OptionCatalogue(), to: given)
      var command = try layered.command()
      if var asynchronous = command as? any AsyncParsableCommand {
        try await asynchronous.run()
      } else {
        try command.run()
      }
    } catch let failure as CommandFailure {
      failure.located(layered.located).report()
      Staticd.exit(withError: ExitCode(failure.status.rawValue))
    } catch let code as ExitCode {
      // The status of another program, which has said what there was to say.
      Staticd.exit(withError: code)
    } catch {
      exitAfterParsing(error, layered)
    }
  }

  /// Ends after `--help` or `--version`, which the parser reports as errors, or a wrong use.
  private static func exitAfterParsing(_ error: any Error, _ layered: LayeredArguments) -> Never {
    guard Staticd.exitCode(for: error) != .success else { Staticd.exit(withError: error) }
    let message = Staticd.message(for: error).split(separator: "\n").joined(separator: " ")
    CommandFailure(.usage, layered.located("\(message); see 'staticd --help'")).report()
    Staticd.exit(withError: ExitCode(ExitStatus.usage.rawValue))
  }
}
