internal import ArgumentParser
internal import StaticServer

/// The options of the queue in front of the app.
struct QueueOptions: ParsableArguments {
  /// What `--upstream-concurrency` takes.
  enum Concurrency: ExpressibleByArgument, Equatable {
    /// What the app's command line says.
    case auto
    case count(Int)

    init?(argument: String) {
      if argument == "auto" {
        self = .auto
      } else if let count = Int(argument) {
        self = .count(count)
      } else {
        return nil
      }
    }

    var defaultValueDescription: String {
      switch self {
      case .auto: "auto"
      case .count(let count): "\(count)"
      }
    }
  }

  /// What `--half-closed-clients` takes.
  enum HalfClosedClients: String, ExpressibleByArgument, CaseIterable {
    case abandon, wait
  }

  @Option(
    help: ArgumentHelp(
      """
      Requests that the app is given at the same time, the others wait; 0: any number. 'auto' is \
      what the command line of an app of 'staticd run' says, else \(UpstreamConcurrency.unknown).
      """,
      valueName: "n|auto"
    )
  )
  var upstreamConcurrency = Concurrency.auto

  @Option(
    help: ArgumentHelp(
      "Seconds that a request waits until the app is given it; then 503.",
      valueName: "s"
    )
  )
  var queueTimeout = Self.defaults.queueTimeout

  @Option(
    help: ArgumentHelp(
      "Requests that may wait until the app is given them; more is 503.",
      valueName: "n"
    )
  )
  var queueLength = Self.defaults.queueCountMax

  @Option(
    help: ArgumentHelp(
      """
      Whether a client that has ended its side of the connection has left (abandon), or gets its \
      answer (wait).
      """,
      valueName: "abandon|wait"
    )
  )
  var halfClosedClients = HalfClosedClients.abandon

  private static var defaults: ForwardingConfiguration {
    ForwardingConfiguration(to: .unix(path: ""))
  }

  /// Puts what was asked for into `configuration`.
  ///
  /// - Parameter auto: how many requests the app answers at a time, if that is not said.
  /// - Throws: `CommandFailure` for a value out of its range.
  func apply(
    to configuration: inout ForwardingConfiguration,
    auto: UpstreamConcurrency
  ) throws {
    typealias Range = ForwardingConfiguration.Range
    configuration.concurrencyMax =
      switch upstreamConcurrency {
      case .auto: auto.limit
      case .count(let count): try Range.concurrency.checked(count, "--upstream-concurrency")
      }
    configuration.queueTimeout = try Range.queueSeconds.checked(queueTimeout, "--queue-timeout")
    configuration.queueCountMax = try Range.queueCount.checked(queueLength, "--queue-length")
    configuration.allowsHalfClosedClients = halfClosedClients == .wait
  }
}
