// SPDX-License-Identifier: Apache-2.0

import Operator

await MutabikCommand.start()
