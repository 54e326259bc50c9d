"""Who may look at the settings of payment and message providers; changing them asks for the slices' own rights."""

from anju.foundation.access import permission

VIEW = permission("providers.setting.view", zh="查看渠道与收款设置", en="See provider settings", roles=())
