import Console

CommandRunner.run(Trialmerge.self)
