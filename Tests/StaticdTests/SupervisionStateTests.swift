import Testing

@testable import staticd

/// The actions of a supervisor.
///
/// Goal: every event in every phase has a defined action. Method: a row is an event, its time in
/// milliseconds, and the resulting actions; the grace time is 25 s.
@Suite struct SupervisionStateTests {
  typealias Event = SupervisionState.Event
  typealias Action = SupervisionState.Action

  struct Row: Sendable, CustomTestStringConvertible {
    let testDescription: String
    var restarts = false
    let steps: [(now: Int64, event: Event, actions: [Action])]
  }

  private static func tick(
    finished: Bool = false,
    stopped: Bool = false,
    group: Bool = false
  ) -> Event {
    .tick(
      SupervisionState.Surroundings(
        hasFinishedRequests: finished,
        hasServerStopped: stopped,
        hasGroup: group
      )
    )
  }

  private static let term = Event.stop(signal: 15, isTold: false)
  private static let ended = Event.appEnded(status: 0, hasSuccessor: false)

  static let rows: [Row] = [
    Row(
      testDescription: "requests, then the app, then its group, then the server's tunnels",
      steps: [
        (0, tick(group: true), []), (100, term, [.stopServer]), (200, tick(group: true), []),
        (300, tick(finished: true, group: true), [.tell(15)]),
        (400, tick(finished: true, group: true), []), (500, ended, [.terminateGroup]),
        (600, tick(finished: true, group: true), []), (700, tick(finished: true), []),
        (800, tick(finished: true, stopped: true), [.finish(status: 0)]),
      ]
    ),
    Row(
      testDescription: "requests that do not end: the app is told when the grace time is over",
      steps: [
        (0, term, [.stopServer]), (24999, tick(group: true), []),
        (25000, tick(group: true), [.tell(15)]), (25999, tick(group: true), []),
        (26000, tick(group: true), [.kill]),
        (26100, .appEnded(status: 137, hasSuccessor: false), [.terminateGroup]),
        (26200, tick(group: true), [.kill]), (26300, tick(), [.finish(status: 137)]),
      ]
    ),
    Row(
      testDescription: "an app that does not end is killed when the grace time is over",
      steps: [
        (0, term, [.stopServer]), (10, tick(finished: true, group: true), [.tell(15)]),
        (24999, tick(finished: true, group: true), []),
        (25000, tick(finished: true, group: true), [.kill]),
      ]
    ),
    Row(
      testDescription: "a second signal goes on at once, as it is, and so does a third",
      steps: [
        (0, term, [.stopServer]), (10, .stop(signal: 2, isTold: false), [.tell(2)]),
        (20, .stop(signal: 3, isTold: false), [.tell(3)]), (30, tick(finished: true), []),
        (25000, tick(group: true), [.kill]),
      ]
    ),
    Row(
      testDescription: "what a key of the terminal has sent to the app is not sent again",
      steps: [
        (0, .stop(signal: 2, isTold: true), [.stopServer]), (10, tick(finished: true), []),
        (20, .stop(signal: 2, isTold: true), []), (30, ended, [.terminateGroup]),
        (40, tick(finished: true, stopped: true), [.finish(status: 0)]),
      ]
    ),
    Row(
      testDescription: "an upgraded gunicorn: the new master is the app, and is told the end",
      steps: [
        (0, .appEnded(status: 0, hasSuccessor: true), []), (10, tick(group: true), []),
        (20, term, [.stopServer]), (30, tick(finished: true, group: true), [.tell(15)]),
        (40, .appEnded(status: 0, hasSuccessor: true), [.tellSuccessor(15)]),
        (50, tick(finished: true, stopped: true, group: true), []), (60, ended, [.terminateGroup]),
        (70, tick(finished: true, stopped: true), [.finish(status: 0)]),
      ]
    ),
    Row(
      testDescription: "the old master ends while requests are finished",
      steps: [
        (0, term, [.stopServer]), (10, .appEnded(status: 0, hasSuccessor: true), []),
        (20, tick(finished: true, group: true), [.tell(15)]),
      ]
    ),
    Row(
      testDescription: "an app that ends by itself ends everything",
      steps: [
        (
          0, .appEnded(status: 3, hasSuccessor: false),
          [.reportEnd(status: 3, restartsAfter: nil), .stopServer, .terminateGroup]
        ),
        (10, tick(group: true), []), (20, tick(), []),
        (30, tick(stopped: true), [.finish(status: 3)]),
      ]
    ),
    Row(
      testDescription: "and is started again, later each time, if it has failed",
      restarts: true,
      steps: [
        (
          0, .appEnded(status: 3, hasSuccessor: false),
          [.reportEnd(status: 3, restartsAfter: 1000), .terminateGroup]
        ),
        (10, tick(), []), (1009, tick(), []), (1010, tick(), [.start]), (1011, .started, []),
        (
          1500, .appEnded(status: 3, hasSuccessor: false),
          [.reportEnd(status: 3, restartsAfter: 2000), .terminateGroup]
        ),
        (1600, tick(), []), (3600, tick(), [.start]), (3601, .startFailed, []), (7600, tick(), []),
        (7601, tick(), [.start]), (7602, .started, []),
        (
          67602, .appEnded(status: 3, hasSuccessor: false),
          [.reportEnd(status: 3, restartsAfter: 1000), .terminateGroup]
        ),
      ]
    ),
    Row(
      testDescription: "not after a good end",
      restarts: true,
      steps: [
        (
          0, ended, [.reportEnd(status: 0, restartsAfter: nil), .stopServer, .terminateGroup]
        )
      ]
    ),
    Row(
      testDescription: "a stop while it waits for its start",
      restarts: true,
      steps: [
        (
          0, .appEnded(status: 1, hasSuccessor: false),
          [.reportEnd(status: 1, restartsAfter: 1000), .terminateGroup]
        ),
        (10, tick(), []), (20, term, [.stopServer]), (2000, tick(), []),
        (2100, tick(stopped: true), [.finish(status: 1)]),
      ]
    ),
    Row(
      testDescription: "a stop while its group ends",
      restarts: true,
      steps: [
        (
          0, .appEnded(status: 1, hasSuccessor: false),
          [.reportEnd(status: 1, restartsAfter: 1000), .terminateGroup]
        ),
        (10, term, [.stopServer]), (24000, tick(stopped: true, group: true), []),
        (25000, tick(stopped: true, group: true), [.kill]),
        (25100, tick(stopped: true), [.finish(status: 1)]),
      ]
    ),
  ]

  @Test("steps", arguments: rows)
  func steps(row: Row) {
    var state = SupervisionState(
      startTime: 0,
      graceMilliseconds: 25000,
      restartsOnFailure: row.restarts
    )
    for (now, event, actions) in row.steps {
      #expect(state.take(event, now: now) == actions, "at \(now)")
    }
  }

  @Test("signals other than stop signals are forwarded while the app serves, not during a stop")
  func relaying() {
    var state = SupervisionState(startTime: 0, graceMilliseconds: 25000, restartsOnFailure: true)
    #expect(state.relaysSignals)
    _ = state.take(Self.term, now: 0)
    #expect(!state.relaysSignals, "requests are finished")
    _ = state.take(Self.tick(finished: true, group: true), now: 10)
    #expect(!state.relaysSignals, "the app is told")
    _ = state.take(Self.ended, now: 20)
    #expect(!state.relaysSignals, "its group ends")

    var failing = SupervisionState(startTime: 0, graceMilliseconds: 25000, restartsOnFailure: true)
    _ = failing.take(.appEnded(status: 1, hasSuccessor: false), now: 0)
    _ = failing.take(Self.tick(), now: 10)
    #expect(!failing.relaysSignals, "no app")
    _ = failing.take(.started, now: 2000)
    #expect(failing.relaysSignals, "the next app")
  }
}
