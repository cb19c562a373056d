// SPDX-License-Identifier: Apache-2.0

internal import Agent
internal import Domain
internal import FoundationEssentials
package import Ledger
internal import Rules

/// One life of the agent, from reading the configuration to a clean stop.
package struct AgentRun: Sendable {
    private let configurationPath: String
    private let environment: [String: String]
    private let hooks: LedgerHooks

    /// - Parameter hooks: called around every commit; tests end the process there.
    package init(
        configurationPath: String, environment: [String: String],
        hooks: LedgerHooks = LedgerHooks()
    ) {
        self.configurationPath = configurationPath
        self.environment = environment
        self.hooks = hooks
    }

    /// Runs until SIGTERM or SIGINT.
    ///
    /// - Throws: `ConfigurationError`, `LedgerError`: what would be wrong again after a restart.
    package func run() async throws {
        let configuration = try Configuration.load(configurationPath)
        let live = LiveWorld(configuration: configuration, environment: environment)
        let log = EventLog(
            form: Terminal.isOutputTerminal || environment["MUTABIK_LOG"] == "person"
                ? .person : .journal,
            language: Language(environment: environment), now: { Date() })
        let manager = ServiceManager(environment: environment)

        let ruleFiles = live.ruleDirectory
        let stamp = ruleFiles.stamp()
        let (rules, problems) = try live.ruleBook()
        for problem in problems { log.write(.ruleProblem(problem)) }
        guard rules.fileCount > 0 else {
            throw ConfigurationError(
                path: configuration.rulesDirectory, line: 0, column: 0,
                message: "no rule file could be loaded; `mutabik rules check` says why")
        }
        for risk in configuration.risks { log.write(.trouble(risk)) }
        if PDFProgram.path == nil {
            log.write(
                .trouble(
                    "\(PDFProgram.name) is not beside this program: mails whose notice is a PDF go "
                        + "to a person; install it"))
        }
        let bell = EffectBell()
        var hooks = hooks
        hooks.effectsEnqueued = { bell.ring() }
        try live.makeStateDirectory()
        let lock = try AgentLock(directory: configuration.stateDirectory)
        defer { withExtendedLifetime(lock) {} }
        let ledger = try live.ledger(hooks: hooks)
        let world = World(ledger: ledger, now: { Date() }, report: { log.write($0) })
        let inForce = RulesInForce(rules)
        let watch = RuleWatch(
            directory: ruleFiles, inForce: inForce, stamp: stamp, report: { log.write($0) },
            rest: world.rest)
        let service = try AgentService(
            world: world, accounts: try live.accounts(bankDomains: rules.senderDomains),
            reader: live.reader(rules).following(inForce),
            pipeline: live.pipeline, keys: try live.keyRing(), connectors: try live.connectors(),
            targets: live.targets, schedule: live.schedule, effects: bell, rules: inForce)

        log.write(.started(version: MutabikVersion.text))
        manager.ready()
        let work = Task { try await service.run() }
        let watchdog = manager.watchdogInterval.map { interval in
            Task {
                while !Task.isCancelled {
                    if service.isAlive { manager.alive() }
                    try await Task.sleep(for: interval)
                }
            }
        }
        let ruleWatch = Task { await FolderChanges.watching(ruleFiles.folders, watch.run) }
        let settled = Task {
            try await Task.sleep(for: Footprint.startIsOver)
            Footprint.handBackCode()
        }
        let stopper = Task {
            await Signals.wait()
            manager.stopping()
            work.cancel()
        }
        defer {
            stopper.cancel()
            ruleWatch.cancel()
            settled.cancel()
            watchdog?.cancel()
        }
        try await work.value
        try ledger.close()
    }
}
